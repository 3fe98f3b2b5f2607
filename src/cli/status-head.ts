import type { Status } from '../control/messages.ts';
import { countOf } from '../model/count-of.ts';
import { formatDurationMs } from '../model/quantity.ts';

function reloadText({ lastReload }: Status): string {
  if (lastReload === undefined) return 'never reloaded';
  const { outcome, agoMs, why } = lastReload;
  const ago = `${formatDurationMs(agoMs)} ago`;
  if (outcome === 'reloaded') return `last reload ${ago}`;
  return `last reload failed ${ago}${why === undefined ? '' : `: ${why}`}`;
}

/** What there is to say of the daemon as a whole, in three lines. */
export function statusHead(status: Status): readonly [string, string, string] {
  const { version, pid, phase, upMs, generation, restarts, running, starting, sources, bans } = status;
  const again = restarts === 0 ? '' : `, ${countOf(restarts, 'restart')} of the dispatcher`;
  return [
    `zinetd ${version}, ${phase}: pid ${pid}, up ${formatDurationMs(upMs)}, generation ${generation}`,
    `${countOf(running, 'handler')}, ${starting} starting; ${countOf(sources, 'source')}, ${countOf(bans, 'ban')}${again}`,
    reloadText(status),
  ];
}
