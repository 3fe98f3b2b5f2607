import type { Reply } from './messages.ts';
import { replySchema } from './protocol.ts';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One line of a server; undefined for what is no reply of this version. */
export function parseReply(line: string): Reply | undefined {
  return replySchema.safeParse(parseJson(line)).data;
}
