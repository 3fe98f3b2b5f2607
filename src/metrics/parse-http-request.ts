import type { ExpositionFormat } from './exposition.ts';

/** What somebody asks for; `bad`: it is no request that anybody could answer. */
export type HttpRequest =
  | { readonly kind: 'bad' }
  | {
      readonly kind: 'request';
      readonly method: string;
      /** Without its query. */
      readonly path: string;
      readonly format: ExpositionFormat;
    };

/** RFC 9112, 3: the forms that a client of ours can have a use for, and no other. */
const REQUEST_LINE = /^([A-Z]{1,16}) (\/[!-~]*) HTTP\/1\.[01]$/;
/** RFC 9110, 5.1 and 5.5; no white space ahead of the colon, and no folded lines. */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~]*)$/;

/** The older format is for those who ask for it and not for the newer one. */
function formatOf(headers: readonly (readonly [name: string, value: string])[]): ExpositionFormat {
  const accepted = headers.filter(([name]) => name === 'accept').map(([, value]) => value.toLowerCase());
  const types = accepted.join(',');
  return types.includes('text/plain') && !types.includes('application/openmetrics-text')
    ? 'text'
    : 'openmetrics';
}

/** The head of a request, without the empty line at its end. */
export function parseHttpRequest(head: string): HttpRequest {
  const [first = '', ...lines] = head.split('\r\n');
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  const headers = lines.map((line) => HEADER.exec(line));
  if (method === undefined || target === undefined || headers.includes(null)) return { kind: 'bad' };
  const named = headers.map((found) => [found?.[1]?.toLowerCase() ?? '', found?.[2] ?? ''] as const);
  return { kind: 'request', method, path: target.split('?', 1)[0] ?? '', format: formatOf(named) };
}
