import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runZinetd } from '../cli/run-zinetd.ts';
import { ask, type Client } from '../harness/client.ts';
import { childrenOf, commandLineOf, statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';
import { goesOn, hold } from './held-client.ts';
import { echoAt, ReloadRun, type Services } from './reload-run.ts';

/** Lehmer's generator: the same pairs at each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

const PAIRS = 8;
const MOST_A_SECOND = 10;
const LONG_MS = 60_000;

/** All that can be wrong from the first step to the last. */
const BROKEN: readonly string[] = [
  'services: [',
  'services: {it: {listen: nowhere}}',
  'services: {it: {listen: tcp://127.0.0.1:1, server: /nonexistent/server, user: nobody}}',
  'services: {it: {listen: tcp://127.0.0.1:1, builtin: echo, no_access: [file:/nonexistent/list]}}',
  'services: {it: {listen: tcp://127.0.0.1:1, builtin: echo}, other: {listen: tcp://127.0.0.1:1, builtin: echo}}',
];

interface Told {
  readonly severity: string;
  readonly code: string;
  readonly message?: string;
  readonly text?: string;
}

function toldOf({ severity, code, message, text }: Told): object {
  return { severity, code, text: text ?? message };
}

/** Sends it every millisecond; the function that this gives ends that, and tells how long it was. */
function storm(zinetd: Zinetd): () => number {
  const startMs = performance.now();
  const timer = setInterval(() => zinetd.signal('SIGHUP'), 1);
  return () => {
    clearInterval(timer);
    return performance.now() - startMs;
  };
}

function catches(zinetd: Zinetd, signal: number): boolean {
  const mask = statusOf(zinetd.pid, 'SigCgt');
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

describe('a reload', () => {
  test(
    'of what is wrong says in the log what `check` says, and leaves all as it is (promise 4, S125)',
    async () => {
      const path = join(scratch('services'), 'services.yaml');
      const port = await freePort();
      const put = (text: string): void => writeFileSync(path, text, { mode: 0o644 });
      put(JSON.stringify({ services: { it: echoAt(port) } }));
      const main = join(scratch('config'), 'zinetd.yaml');
      const config = JSON.stringify({ version: 1, watch: false, include: [path] });
      writeFileSync(main, config, { mode: 0o644 });
      const zinetd = await startZinetd({ config });
      const client = await hold(port);
      for (const text of BROKEN) {
        put(text);
        const { log } = zinetd;
        const before = log.count('diagnostic');
        zinetd.signal('SIGHUP');
        const failed = await zinetd.event('reload-failed');
        expect(failed, text).toMatchObject({ reason: 'invalid' });
        const { stdout } = runZinetd(['check', '-c', main, '--json']);
        const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Told[] };
        const told = log.all.filter(({ event }) => event === 'diagnostic').slice(before);
        expect(told.map((each) => toldOf(each as unknown as Told))).toEqual(diagnostics.map(toldOf));
        expect(await ask(port, 'hello')).toBe('hello');
      }
      await goesOn(client);
      expect(zinetd.stderr).not.toContain('error[');
    },
    LONG_MS,
  );

  test(
    `between ${PAIRS} random configurations leaves those who are served to their handlers (S123)`,
    async () => {
      const random = randomNumbers(20_261);
      const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
      const some = (): Services => {
        const chosen = ports.flatMap((port, index) => {
          const isWildcard = random() < 0.3;
          const settings = { backlog: 1 + Math.floor(random() * 9), nice: Math.floor(random() * 3) };
          const at = `tcp://${isWildcard ? '0.0.0.0' : '127.0.0.1'}:${port}`;
          const name = `${random() < 0.7 ? 'own' : 'other'}${index}`;
          return index > 0 && random() < 0.4 ? [] : [[name, echoAt(at, settings)] as const];
        });
        return Object.fromEntries(random() < 0.5 ? chosen.reverse() : chosen);
      };
      const first = some();
      const run = await ReloadRun.of(first);
      const clients: Client[] = [];
      for (let pair = 0; pair < PAIRS; pair++) {
        const services = some();
        await run.reload(services);
        for (const { listen } of Object.values(services)) {
          clients.push(await hold(Number(String(listen).split(':').at(-1))));
        }
      }
      await Promise.all(clients.map(goesOn));
      await until(() => run.zinetd.log.count('exited') === clients.length, {
        what: 'every handler has ended',
      });
      await run.reload(first);
    },
    LONG_MS,
  );
});

describe('HUP', () => {
  test(
    'every millisecond from the first on that zinetd can catch ends nothing, and is ten reloads a second at most (S122)',
    async () => {
      const config = { services: { it: echoAt(0) } };
      const zinetd = await startZinetd({ config, expectFailure: true });
      await until(() => catches(zinetd, 1) || zinetd.log.count('ready') > 0, { what: 'it catches HUP' });
      const end = storm(zinetd);
      await zinetd.serving();
      for (let count = 0; count < 3; count++) await zinetd.event('reloaded');
      const durationMs = end();
      const isCompiling = (): boolean =>
        childrenOf(zinetd.pid).some((pid) => commandLineOf(pid).includes('--compiler'));
      // One more may have been on its way while all was still.
      do {
        await until(() => !isCompiling(), { what: 'the last compiler has ended' });
        await zinetd.settled();
      } while (isCompiling());
      expect(zinetd.log.count('reloaded')).toBeLessThanOrEqual((durationMs / 1000) * MOST_A_SECOND + 1);
      expect(await ask(zinetd.port('it'), 'hello')).toBe('hello');
    },
    LONG_MS,
  );
});
