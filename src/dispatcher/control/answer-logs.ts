import type { Call } from '../../control/call.ts';
import { jsonRenderer } from '../../logging/json-record.ts';
import { textRenderer } from '../../logging/text-record.ts';
import type { ControlParts } from './control-parts.ts';

/** Follows the log until the client leaves. One that reads too slowly loses records, and is told how many. */
export function answerLogs({ world }: ControlParts, call: Call<'logs'>): void {
  const { service, format = 'text' } = call.params;
  const render = format === 'json' ? jsonRenderer() : textRenderer();
  let lost = 0;
  const unfollow = world.log.follow((event, { atMs, view }) => {
    if (service !== undefined && !('service' in event && event.service === service)) return;
    const lines = call.hasRoom() ? render(event, atMs, view)?.split('\n') : undefined;
    if (!call.hasRoom()) lost++;
    for (const line of lines?.slice(0, -1) ?? []) {
      call.item(lost === 0 ? { line } : { line, lost });
      lost = 0;
    }
  });
  call.whenLeft(unfollow);
}
