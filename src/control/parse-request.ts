import type { Request } from './messages.ts';
import { PROTOCOL_VERSION, requestSchema } from './protocol.ts';

/** The request, or why the line is none. */
export type ParsedRequest = Request | { readonly reason: string };

/** No byte order mark is taken off: nobody should send one. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parseJson(line: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(line)) as unknown;
  } catch {
    return undefined;
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'zinetd' in value ? value.zinetd : undefined;
}

/** One line without its LF. */
export function parseRequest(line: Uint8Array): ParsedRequest {
  const value = parseJson(line);
  if (value === undefined) return { reason: 'it is not JSON in UTF-8' };
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const version = versionOf(value);
  const isOther = typeof version === 'number' && version !== PROTOCOL_VERSION;
  return { reason: isOther ? `its version is not ${PROTOCOL_VERSION}` : 'it is no request of this protocol' };
}
