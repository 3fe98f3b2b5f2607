import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

const HALF_A_DAY_MS = 43_200_000;
const SLEEPER = 'server = HANDLERS/sleeper';

/** A minute that is far from now, in local time as xinetd has it. */
function anotherTime(): string {
  const then = new Date(Date.now() + HALF_A_DAY_MS);
  const hour = String(then.getHours()).padStart(2, '0');
  return `${hour}:00-${hour}:59`;
}

/** A pid and a line feed. */
function hidePid(told: string): string {
  return told.replace(/\d+/, 'PID');
}

/** Connections that stay, from these addresses, one after the other. */
async function crowd({ clients, port }: Stage, sources: readonly string[]): Promise<readonly string[]> {
  const names = sources.map((from, index) => `${from} ${index}`);
  const seen: string[] = [];
  for (const [index, from] of sources.entries()) {
    const name = names[index] ?? '';
    seen.push(`${name}: ${hidePid(await clients.open(name, { port: port(), from, until: '\n' }))}`);
  }
  await clients.close(...names);
  return seen;
}

function limit(name: string, stanza: string, sources: readonly string[]): Case {
  return { name, stanza, play: (stage) => crowd(stage, sources) };
}

const ONE = '127.0.0.1';
const TWO = '127.0.0.2';

/** How many may come, and when. */
export const LIMITS: Group = {
  title: 'limits',
  cases: [
    limit('per_source', `${SLEEPER}\nper_source = 1`, [ONE, ONE, TWO]),
    limit('instances', `${SLEEPER}\ninstances = 2\nper_source = UNLIMITED`, [ONE, ONE, TWO]),
    limit('both_limits', `${SLEEPER}\ninstances = 3\nper_source = 2`, [ONE, ONE, ONE, TWO, TWO]),
    limit('unlimited', `${SLEEPER}\ninstances = UNLIMITED\nper_source = UNLIMITED`, [ONE, ONE, ONE, ONE]),
    limit('instances_0', `${SLEEPER}\ninstances = 0`, [ONE]),
    limit('per_source_0', `${SLEEPER}\nper_source = 0`, [ONE, TWO]),
    limit('load_low', `${SLEEPER}\nmax_load = 100000`, [ONE]),
    limit('load_high', `${SLEEPER}\nmax_load = 0.0001`, [ONE]),
    limit('time_in', `${SLEEPER}\naccess_times = 00:00-23:59`, [ONE]),
    limit('time_out', `${SLEEPER}\naccess_times = ${anotherTime()}`, [ONE]),
    limit('times', `${SLEEPER}\naccess_times = ${anotherTime()} 00:00-23:59`, [ONE]),
    limit('denied_by_both', `${SLEEPER}\naccess_times = ${anotherTime()}\nno_access = ${ONE}`, [ONE]),
    {
      name: 'cps',
      stanza: 'server = HANDLERS/answer\ncps = 3 30',
      play: async ({ clients, port }) => {
        const seen: string[] = [];
        for (let times = 1; times <= 5; times += 1)
          seen.push(`${times}: ${await clients.call({ port: port(), patience: 0.3 })}`);
        return seen;
      },
    },
  ],
};
