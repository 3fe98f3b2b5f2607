import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

type Pids = Map<string, number>;

function held(
  name: string,
  options: { readonly stanza: string; readonly send?: string; readonly pids: Pids },
): Case {
  const { stanza, send = '', pids } = options;
  return {
    name,
    stanza,
    before: async ({ clients, port }: Stage) => {
      const told = await clients.open(name, { port: port(), send, until: '\n' });
      pids.set(name, Number(told.match(/\d+/)?.[0]));
    },
    play: async ({ clients, port, isAlive }: Stage) => {
      const pid = pids.get(name);
      const fate = !pid ? 'has no pid' : isAlive(pid) ? 'lives' : 'is gone';
      const rest = await clients.read(name, { patience: 0.3 });
      await clients.close(name);
      const now = await clients.call({ port: port() });
      return [`the handler ${fate}`, `the client: ${rest}`, `now: ${now.replace(/\d+/, 'PID')}`];
    },
  };
}

function stopping(signal: NodeJS.Signals): Group {
  const pids: Pids = new Map();
  return {
    title: `the end by ${signal}`,
    cases: [
      held('program', { stanza: 'server = HANDLERS/sleeper', pids }),
      held('waiting', { stanza: 'server = HANDLERS/acceptor\nserver_args = 2000\nwait = yes', pids }),
      held('echo', { send: 'x\n', stanza: 'type = INTERNAL UNLISTED\n-server\n-user', pids }),
    ],
    act: async (server) => {
      server.signal(signal);
      await server.ended;
    },
  };
}

/** What becomes of running servers. */
export const STOPPING: readonly Group[] = [stopping('SIGTERM'), stopping('SIGQUIT')];
