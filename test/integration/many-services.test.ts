import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { freePort } from './free-port.ts';

const COUNT = 1000;
/** What a reload takes of a client's time on an idle machine is in docs/performance.md; this is for a busy one. */
const MOST_STALL_MS = 500;
const DEADLINE_MS = 60_000;

function services(count: number): Readonly<Record<string, unknown>> {
  const service = (index: number) => ({
    ...{ listen: `unix://@zinetd-many-${process.pid}-${index}`, server: '/bin/cat' },
    ...{ instances: 20, cps: { rate: 50, wait: '10s' }, ...(isRoot ? { user: 'nobody' } : {}) },
  });
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, service(index)]));
}

test(
  `${COUNT} services are reloaded while clients of another one are served, none of them late`,
  async () => {
    const path = join(scratch('config'), 'zinetd.yaml');
    const port = await freePort();
    const own = { listen: `tcp://127.0.0.1:${port}`, builtin: 'daytime', instances: 50 };
    const write = (count: number) =>
      writeFileSync(
        path,
        JSON.stringify({
          ...{ version: 1, watch: false, metrics: { listen: 'tcp://127.0.0.1:0' } },
          services: { own, ...services(count) },
        }),
      );
    write(COUNT);
    const zinetd = await startZinetd({ configFile: path, descriptors: 4 * COUNT, expectFailure: true });
    await zinetd.event('ready', { timeoutMs: DEADLINE_MS });
    write(COUNT + 1);
    zinetd.signal('SIGHUP');
    let isReloaded = false;
    const reloaded = zinetd.event('reloaded', { timeoutMs: DEADLINE_MS }).then(() => {
      isReloaded = true;
    });
    const latencies: number[] = [];
    while (!isReloaded) {
      const startMs = performance.now();
      expect(await ask(port)).toMatch(/\d\d:\d\d:\d\d/);
      latencies.push(performance.now() - startMs);
    }
    await reloaded;
    expect(latencies.length).toBeGreaterThan(10);
    console.info(`${latencies.length} clients during a reload, the slowest ${Math.max(...latencies)} ms`);
    expect(Math.max(...latencies)).toBeLessThan(MOST_STALL_MS);
    await zinetd.stop(); // it has one listener more than at the start
  },
  2 * DEADLINE_MS,
);
