import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { countFailures } from '../harness/summed-records.ts';
import { tally } from '../harness/tally.ts';
import { until } from '../harness/until.ts';
import { percentile, record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const DELAY_US = 2_000_000;
/** More than may be under way of one service (32), twice and more. */
const CROWDS = scaled({ short: [40], long: [40, 100] });
/** 50 ms where nothing else runs; strace slows each launch, and so do other tests. */
const QUICK_MS = 500;
const VISITS = scaled({ short: 100, long: 500 });
const FAILING = 40;
const INSTANCES = 200;

const served = { code: undefined, received: 'ok\n' };

async function start(): Promise<Zinetd> {
  const common = { listen: 'tcp://127.0.0.1:0', user: 'nobody', instances: INSTANCES };
  const services = {
    slow: { ...common, server: handler('exit-status') },
    quick: { ...common, server: handler('raw') },
  };
  return startZinetd({ config: { services } });
}

/** Every execve of the program of `slow` takes 2 s longer, and only of that one. */
function delay(zinetd: Zinetd) {
  const inject = `inject=execve:delay_enter=${DELAY_US}`;
  return attachStrace(zinetd.pid, ['-f', '-P', handler('exit-status'), '-e', 'trace=execve', '-e', inject]);
}

/** Visits one after another. */
async function visitQuick(zinetd: Zinetd): Promise<readonly number[]> {
  const durations: number[] = [];
  for (let count = 0; count < VISITS; count++) {
    const { code, received, durationMs } = await visit(zinetd.port('quick'));
    expect({ code, received }).toEqual(served);
    durations.push(durationMs);
  }
  return durations;
}

function tellP99(durations: readonly number[], where: string): number {
  const p99 = percentile(durations, 99);
  const figure = `another service beside ${where}: p99, ms`;
  record({ fault: 'F5', figure, value: rounded(p99), bar: 'at most 50, where nothing else runs' });
  return p99;
}

describeWith('an exec that takes 2 s', { needs: ['root', { program: 'strace' }] }, () => {
  test('holds up no other service (F5, S89, promise 5)', async () => {
    const zinetd = await start();
    const strace = await delay(zinetd);
    const slow = await connect(zinetd.port('slow'));
    const durations = await visitQuick(zinetd);
    expect(zinetd.log.count(({ event, service }) => event === 'started' && service === 'slow')).toBe(0);
    expect(tellP99(durations, 'one exec of 2 s')).toBeLessThan(QUICK_MS);
    expect(await slow.ended()).toBe('end');
    const { duration_ms: durationMs = 0 } = await zinetd.event(
      (record) => record.event === 'exited' && record.service === 'slow',
    );
    expect(durationMs).toBeGreaterThanOrEqual(DELAY_US / 1000);
    await strace.detach();
  }, 60_000);

  test.each(CROWDS)(
    'holds up no other service with %i clients of it, who wait and are served (F5, S89)',
    async (count) => {
      const zinetd = await start();
      const strace = await delay(zinetd);
      const visits = Promise.all(Array.from({ length: count }, () => visit(zinetd.port('slow'))));
      const durations = await visitQuick(zinetd);
      expect(tellP99(durations, `${count} execs of 2 s`)).toBeLessThan(QUICK_MS);
      for (const { code, durationMs } of await visits) {
        expect(code).toBeUndefined();
        expect(durationMs).toBeGreaterThanOrEqual(DELAY_US / 1000);
      }
      await strace.detach();
      const ends = () =>
        tally(zinetd.log.all.filter(({ service }) => service === 'slow').map(({ event }) => event));
      await until(() => ends()['exited'] === count, { what: 'all exits are told' });
      expect(ends()).toEqual({ listening: 1, started: count, exited: count });
      await expectAllPlaces(zinetd);
    },
    60_000,
  );

  test('and then fails is told with its step, and its place is free again (F5, S22, S89)', async () => {
    const zinetd = await start();
    const inject = `inject=execve:error=ENOEXEC:delay_enter=${DELAY_US / 10}`;
    const options = ['-f', '-P', handler('exit-status'), '-e', 'trace=execve', '-e', inject];
    const strace = await attachStrace(zinetd.pid, options);
    const visits = await Promise.all(Array.from({ length: FAILING }, () => visit(zinetd.port('slow'))));
    for (const { received } of visits) expect(received).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ service: 'slow', step: 'exec', error: 'ENOEXEC' });
    await until(() => countFailures(zinetd.log, 'exec_failed') === FAILING, {
      what: 'each is told of',
      timeoutMs: 45_000,
    });
    await strace.detach();
    await expectAllPlaces(zinetd);
  }, 90_000);
});

/** No place of the service is lost: as many as may run at once are served in one go, and nobody is refused. */
async function expectAllPlaces(zinetd: Zinetd): Promise<void> {
  const before = zinetd.log.count(({ event, service }) => event === 'exited' && service === 'slow');
  const visits = await Promise.all(Array.from({ length: INSTANCES }, () => visit(zinetd.port('slow'))));
  for (const { code } of visits) expect(code).toBeUndefined();
  const exits = () =>
    zinetd.log.count(({ event, service }) => event === 'exited' && service === 'slow') - before;
  await until(() => exits() === INSTANCES, { what: 'all exits are told' });
  expect(zinetd.log.count('refused')).toBe(0);
}
