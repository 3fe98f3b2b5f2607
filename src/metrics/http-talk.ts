import type { ExpositionFormat } from './exposition.ts';
import { parseHttpRequest } from './parse-http-request.ts';
import { type HttpAnswer, renderHttpResponse } from './render-http-response.ts';

/** Of the request line and all headers. */
const MOST_HEAD_BYTES = 8192;
const HEAD_END = '\r\n\r\n';

export interface HttpTalkOptions {
  /** Gathers the metrics, and calls back later, once. */
  readonly gather: (format: ExpositionFormat, callback: (body: string) => void) => void;
  /** There is something to say. */
  readonly wake: () => void;
}

/** One request of HTTP, and its answer: the connection ends with it, so that nobody can stay. */
export class HttpTalk {
  readonly #options: HttpTalkOptions;
  #head = '';
  #state: 'reading' | 'gathering' | 'answered' = 'reading';
  #answer: Uint8Array | undefined;
  #isFinished = false;

  constructor(options: HttpTalkOptions) {
    this.#options = options;
  }

  /** Whether it is still to be seen what is asked for. */
  get isReading(): boolean {
    return this.#state === 'reading';
  }

  next(): Uint8Array | 'listen' | 'wait' | 'end' {
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer) return answer;
    if (this.#state === 'gathering') return 'wait';
    return this.#state === 'answered' || this.#isFinished ? 'end' : 'listen';
  }

  /** What comes behind the head of a request is nothing that anybody here would read. */
  take(bytes: Uint8Array): void {
    if (this.#state !== 'reading') return;
    const from = Math.max(0, this.#head.length - HEAD_END.length);
    this.#head += Buffer.from(bytes).toString('latin1');
    const end = this.#head.indexOf(HEAD_END, from);
    if (end > MOST_HEAD_BYTES || (end < 0 && this.#head.length > MOST_HEAD_BYTES)) this.#say('too-long');
    else if (end >= 0) this.#ask(this.#head.slice(0, end));
  }

  /** A client may end its side with the request. */
  finish(): void {
    this.#isFinished = true;
  }

  #ask(head: string): void {
    const request = parseHttpRequest(head);
    if (request.kind === 'bad') this.#say('bad');
    else if (request.method !== 'GET' && request.method !== 'HEAD') this.#say('method');
    else this.#get(request.path, { format: request.format, isHead: request.method === 'HEAD' });
  }

  #get(path: string, options: { readonly format: ExpositionFormat; readonly isHead: boolean }): void {
    const { format, isHead } = options;
    if (path === '/') this.#answerWith({ kind: 'where' }, isHead);
    else if (path !== '/metrics') this.#answerWith({ kind: 'not-found' }, isHead);
    else {
      this.#state = 'gathering';
      this.#options.gather(format, (body) => {
        this.#answerWith({ kind: 'metrics', body, format }, isHead);
        this.#options.wake();
      });
    }
  }

  #say(kind: Exclude<HttpAnswer['kind'], 'metrics'>): void {
    this.#answerWith({ kind }, false);
  }

  #answerWith(answer: HttpAnswer, isHead: boolean): void {
    this.#state = 'answered';
    this.#answer = renderHttpResponse(answer, { isHead });
  }
}
