import { assertNever } from '../model/assert-never.ts';
import { CONTENT_TYPES, type ExpositionFormat } from './exposition.ts';

/** What becomes of a request. */
export type HttpAnswer =
  | { readonly kind: 'metrics'; readonly body: string; readonly format: ExpositionFormat }
  | { readonly kind: 'where' | 'bad' | 'not-found' | 'method' | 'too-long' };

interface Response {
  readonly status: string;
  readonly type: string;
  readonly body: string;
  /** More lines of the head. */
  readonly more?: readonly string[];
}

const PLAIN = 'text/plain; charset=utf-8';

function responseOf(answer: HttpAnswer): Response {
  const { kind } = answer;
  switch (kind) {
    case 'metrics':
      return { status: '200 OK', type: CONTENT_TYPES[answer.format], body: answer.body };
    case 'where':
      return { status: '200 OK', type: PLAIN, body: 'The metrics of zinetd are at /metrics\n' };
    case 'bad':
      return { status: '400 Bad Request', type: PLAIN, body: 'This is no request of HTTP/1.1\n' };
    case 'not-found':
      return { status: '404 Not Found', type: PLAIN, body: 'There is /metrics here, and nothing else\n' };
    case 'method':
      return {
        ...{ status: '405 Method Not Allowed', type: PLAIN, body: 'There is only GET and HEAD here\n' },
        more: ['Allow: GET, HEAD'],
      };
    case 'too-long':
      return { status: '431 Request Header Fields Too Large', type: PLAIN, body: 'The head is too long\n' };
    default:
      return assertNever(kind);
  }
}

/** The bytes of an answer, after which the connection is closed. */
export function renderHttpResponse(answer: HttpAnswer, { isHead }: { readonly isHead: boolean }): Uint8Array {
  const { status, type, body, more = [] } = responseOf(answer);
  const bytes = new TextEncoder().encode(body);
  const head = [
    ...[`HTTP/1.1 ${status}`, `Content-Type: ${type}`, `Content-Length: ${bytes.length}`],
    ...['Cache-Control: no-store', 'X-Content-Type-Options: nosniff', 'Connection: close', ...more],
    ...['', ''],
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n'), 'latin1'), isHead ? new Uint8Array(0) : bytes]);
}
