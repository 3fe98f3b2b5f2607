import { childrenOf, commandLineOf, hasOpen } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import type { SuperServer, SuperServerOptions } from '../harness/super-server.ts';
import { until } from '../harness/until.ts';

const OWN_PARTS = ['--dispatcher', '--resolver', '--compiler'];

/** Everything that it started but its own parts. */
function handlersOf(zinetd: Zinetd): readonly number[] {
  return childrenOf(zinetd.pid).filter((pid) => {
    const line = commandLineOf(pid);
    return !OWN_PARTS.some((part) => line.includes(part));
  });
}

interface ServeOptions extends Pick<SuperServerOptions, 'place' | 'log'> {
  readonly foreign: { readonly format: string; readonly file: string };
}

/** Starts zinetd with a file, and waits until it serves. */
export async function serve({ place, log, foreign }: ServeOptions): Promise<SuperServer> {
  const zinetd = await startZinetd({ prefix: place.enter, foreign });
  await until(() => hasOpen(zinetd.dispatcherPid ?? 0, log), { what: 'the log is open' });
  await zinetd.settled();
  let isOver = false;
  void zinetd.ended.then(() => {
    isOver = true;
  });
  return {
    signal: (name) => zinetd.signal(name),
    reloaded: () => zinetd.event('reloaded'),
    ended: zinetd.ended,
    hasEnded: () => isOver,
    handlers: () => handlersOf(zinetd),
  };
}

/** Starts zinetd with an xinetd.conf as it is. */
export function startZinetdWith({ place, file, log }: SuperServerOptions): Promise<SuperServer> {
  return serve({ place, log, foreign: { format: 'xinetd', file } });
}
