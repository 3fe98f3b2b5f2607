import { Conversation } from '../builtins/conversation.ts';
import type { ExpositionFormat } from '../metrics/exposition.ts';
import { HttpTalk } from '../metrics/http-talk.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import type { Desk, Visitor } from './desks.ts';

const MOST_CLIENTS = 8;
/** For the whole head of a request, however slowly it comes. */
const HEAD_MS = 5000;
/** The connection ends with its answer, and at last then; so long without a byte is enough, too. */
const LIMITS = { mostBytes: Number.MAX_SAFE_INTEGER, idleMs: 10_000, lifeMs: 30_000 };

export interface MetricsDeskOptions {
  readonly parts: SocketParts;
  readonly expose: (format: ExpositionFormat, callback: (body: string) => void) => void;
}

interface Client {
  readonly conversation: Conversation;
  readonly talk: HttpTalk;
}

/** Tells the metrics to whoever asks for them. Those who only sit there go first when there are too many. */
export class MetricsDesk implements Desk {
  readonly #options: MetricsDeskOptions;
  /** The first to come first. */
  readonly #clients = new Set<Client>();

  constructor(options: MetricsDeskOptions) {
    this.#options = options;
  }

  receive({ descriptor }: Visitor): void {
    if (!this.#hasPlace()) {
      descriptor.close();
      return;
    }
    const { parts, expose } = this.#options;
    const conversation: Conversation = new Conversation(descriptor, {
      ...{ parts, limits: LIMITS },
      onEnd: () => {
        cancel();
        this.#clients.delete(client);
      },
    });
    const talk = new HttpTalk({ gather: expose, wake: () => conversation.wake() });
    const client: Client = { conversation, talk };
    const cancel = parts.after(HEAD_MS, () => {
      if (talk.isReading) conversation.close('time');
    });
    this.#clients.add(client);
    conversation.start(talk);
  }

  /** Whoever is there gets an answer, which is the end in any case. */
  shut(): void {}

  close(): void {
    for (const { conversation } of this.#clients) conversation.close('stopping');
  }

  /** Makes one if there is none; whoever is being answered keeps theirs. */
  #hasPlace(): boolean {
    if (this.#clients.size < MOST_CLIENTS) return true;
    const idle = [...this.#clients].find(({ talk }) => talk.isReading);
    idle?.conversation.close('idle');
    return idle !== undefined;
  }
}
