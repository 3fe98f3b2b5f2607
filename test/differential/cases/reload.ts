import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

const SLEEPER = 'server = HANDLERS/sleeper';

/** The pids of the handlers of a case that run during the act: each server that plays it has its own. */
type Pids = WeakMap<Stage, number>;

function holding(name: string, pids: Pids): (stage: Stage) => Promise<void> {
  return async (stage) => {
    const { clients, port } = stage;
    const told = await clients.open(name, { port: port(), until: '\n' });
    pids.set(stage, Number(told.match(/\d+/)?.[0]));
  };
}

/** What became of the handler that ran, and of who comes now. */
function after(name: string, pids: Pids): (stage: Stage) => Promise<readonly string[]> {
  return async (stage) => {
    const { clients, port, isAlive } = stage;
    const fate = isAlive(pids.get(stage) ?? 0) ? 'lives' : 'is gone';
    await clients.close(name);
    const now = await clients.call({ port: port() });
    return [`the handler ${fate}`, `now: ${now.replace(/\d+/, 'PID')}`];
  };
}

function casesOf(signal: NodeJS.Signals): readonly Case[] {
  const kept = (name: string, stanza = SLEEPER): Case => {
    const pids: Pids = new WeakMap();
    return { name: `${name}_${signal}`, stanza, before: holding(name, pids), play: after(name, pids) };
  };
  return [
    kept('unchanged'),
    { ...kept('changed'), later: { stanza: 'server = HANDLERS/answer\nnice = 3' } },
    { ...kept('removed'), later: { stanza: undefined } },
    {
      name: `added_${signal}`,
      stanza: 'server = HANDLERS/answer',
      isNew: true,
      play: async ({ clients, port }) => [await clients.call({ port: port() })],
    },
  ];
}

/** What a changed file does once a signal says so. */
export const RELOADS: readonly Group[] = (['SIGHUP', 'SIGUSR2'] as const).map((signal) => ({
  title: `reload by ${signal}`,
  cases: casesOf(signal),
  act: async (server) => {
    server.signal(signal);
    await server.reloaded();
  },
}));
