import type { StderrEvent } from '../events/event.ts';
import { escapeToken, quoteText } from '../model/escape.ts';

/**
 * `STDERR: ID pid=P connection=N "TEXT"`. In quotes, since a handler may repeat what its client has said: nothing in it
 * passes for the end of another record.
 */
export function describeStderr(event: StderrEvent): string {
  const service = escapeToken(event.service);
  if (event.type === 'stderr-dropped') return `STDERR: ${service} dropped=${event.count}`;
  const { pid, connection, text, isCut } = event;
  return `STDERR: ${service} pid=${pid} connection=${connection} ${quoteText(text)}${isCut ? ' cut' : ''}`;
}
