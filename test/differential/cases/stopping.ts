import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

function held(name: string, options: { readonly stanza: string; readonly send?: string }): Case {
  const { stanza, send = '' } = options;
  /** Each server that plays the case has handlers of its own. */
  const pids = new WeakMap<Stage, number>();
  return {
    name,
    stanza,
    before: async (stage: Stage) => {
      const { clients, port } = stage;
      const told = await clients.open(name, { port: port(), send, until: '\n' });
      pids.set(stage, Number(told.match(/\d+/)?.[0]));
    },
    play: async (stage: Stage) => {
      const { clients, port, isAlive } = stage;
      const pid = pids.get(stage);
      const fate = !pid ? 'has no pid' : isAlive(pid) ? 'lives' : 'is gone';
      const rest = await clients.read(name, { patience: 0.3 });
      await clients.close(name);
      const now = await clients.call({ port: port() });
      return [`the handler ${fate}`, `the client: ${rest}`, `now: ${now.replace(/\d+/, 'PID')}`];
    },
  };
}

function stopping(signal: NodeJS.Signals): Group {
  return {
    title: `the end by ${signal}`,
    cases: [
      held('program', { stanza: 'server = HANDLERS/sleeper' }),
      held('waiting', { stanza: 'server = HANDLERS/acceptor\nserver_args = 2000\nwait = yes' }),
      held('echo', { send: 'x\n', stanza: 'type = INTERNAL UNLISTED\n-server\n-user' }),
    ],
    act: async (server) => {
      server.signal(signal);
      await server.ended;
    },
  };
}

/** What becomes of running servers. */
export const STOPPING: readonly Group[] = [stopping('SIGTERM'), stopping('SIGQUIT')];
