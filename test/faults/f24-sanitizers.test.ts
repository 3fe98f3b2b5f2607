import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { crowd } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { Upgraded } from '../integration/upgraded.ts';
import { record } from './record.ts';
import { isLong } from './scale.ts';

const run = promisify(execFile);
const REPORT = /AddressSanitizer|LeakSanitizer|runtime error|UndefinedBehavior/;
const RELOADS = 3;
const user = isRoot ? { user: 'nobody' } : {};
const many = { listen: 'tcp://127.0.0.1:0', instances: 200, per_source: 'UNLIMITED', ...user };
const services = {
  raw: { ...many, server: handler('raw') },
  held: { ...many, server: handler('echo') },
  boxed: { ...many, server: handler('raw'), mode: 'extended' },
};

/** Those that make the spawner do most; all others have it by `npm run test:native`. */
const SUITE = [
  ...['test/native', 'test/integration/spawn-paths.test.ts', 'test/integration/probe.test.ts'],
  ...['test/integration/injection.test.ts', 'test/integration/reload-swaps.test.ts'],
  ...['test/integration/dispatcher-crash.test.ts', 'test/integration/upgrade.test.ts'],
  ...['test/integration/wait.test.ts', 'test/integration/datagrams.test.ts'],
];

async function build(): Promise<string> {
  const directory = scratch('sanitized');
  await run('sh', ['test/native/build.sh', directory, 'spawner']);
  return directory;
}

test('a spawner with ASan and UBSan launches, reloads, upgrades, is bereft of its dispatcher and stops without a report (F24)', async () => {
  const spawner = join(await build(), 'zinetd-spawner');
  const upgraded = new Upgraded();
  copyFileSync(spawner, join(upgraded.install, 'build/Release/zinetd-spawner'));
  const zinetd = await upgraded.start(services, { lossy: true });
  const held = await connect(zinetd.port('held'));
  held.send('before ');
  await held.readUntil('before ');
  for (const name of ['raw', 'boxed']) {
    const visits = await crowd(zinetd.port(name), { count: 30, inFlight: 6 });
    expect(visits.filter(({ received }) => received !== 'ok\n')).toEqual([]);
  }
  for (let count = 1; count <= RELOADS; count++) {
    upgraded.write({ version: 1, services: { ...services, [`more${count}`]: services.raw } });
    zinetd.signal('SIGHUP');
    await zinetd.event('reloaded');
  }
  expect((await upgraded.upgrade()).error).toBeUndefined();
  await zinetd.event('upgraded');
  process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
  await zinetd.event('dispatcher-restarted');
  held.send('after');
  held.halfClose();
  expect(await held.readAll()).toBe('before after');
  await zinetd.settled();
  await zinetd.stop();
  expect(zinetd.stderr).not.toMatch(REPORT);
  record({ fault: 'F24', figure: 'reports of ASan and UBSan: a life of a spawner', value: 0, bar: '0' });
}, 180_000);

test.runIf(isLong)('a part of the suite passes with such a spawner (F24)', async () => {
  const { stdout } = await run('sh', [resolve('test/native/run.sh'), ...SUITE], {
    env: { ...process.env, ZINETD_LONG: '', NO_COLOR: '1', CI: '' },
    maxBuffer: 1 << 26,
  });
  const [, passed = '0'] = /Tests\s+.*?(\d+) passed/.exec(stdout) ?? [];
  expect(stdout).not.toMatch(REPORT);
  record({ fault: 'F24', figure: 'tests that pass with ASan and UBSan', value: Number(passed), bar: 'all' });
});
