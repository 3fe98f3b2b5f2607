import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/compile/boot.ts';
import { packPolicy, policyOf } from '../../src/compile/policy.ts';
import { encodeTable } from '../../src/compile/table.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Config } from '../../src/model/config.ts';
import type { Finding } from '../../src/model/findings.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Service } from '../../src/model/service.ts';
import { serviceRules } from '../admission/example-policy.ts';
import { configOf, plain } from '../compile/example.ts';
import { ask, type Client, connect } from '../harness/client.ts';
import { descriptorCountOf, statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { type DispatcherRun, runDispatcher } from './real-dispatcher.ts';

const cap = (hard: number) => ({ soft: hard, hard, dropPercent: 100 });

const echo: Service = {
  ...plain,
  name: 'echo',
  rules: serviceRules({ instances: cap(2) }),
  listeners: plain.listeners.map((listener) => ({
    ...listener,
    address: { ...(listener.address as Endpoint), port: 0 },
  })),
  programs: plain.programs.map((program) => ({ ...program, path: '/bin/cat', argv: ['cat'] })),
};
const config = configOf([echo]);

/** More handlers at once than the first launch table has places for. */
const MANY = 40;
const wide: Service = { ...echo, rules: serviceRules({ instances: cap(100) }) };
const other: Service = { ...echo, name: 'other' };
const third: Service = { ...echo, name: 'third' };

/** A multiple of four configurations: the first is the last again. */
const RELOADS = 200;
const LONG_MS = 60_000;
const isSanitized = process.env['ZINETD_TEST_SPAWNER'] !== undefined;

function compile({ compiler }: DispatcherRun, services: readonly Service[]): void {
  const next = configOf(services);
  compiler.policy(policyOf(next));
  compiler.table(next);
}

/** What only the policy says: the launch table has its own cap. */
function policyWith(instances: number): Policy {
  const policy = policyOf(config);
  const services = policy.services.map((service) => ({ ...service, instances: cap(instances) }));
  return { ...policy, services };
}

async function hold(run: DispatcherRun): Promise<Client> {
  const client = await connect(run.port('echo'));
  client.send('held ');
  await client.readUntil('held ');
  return client;
}

async function goesOn(client: Client): Promise<void> {
  client.send('after');
  client.halfClose();
  expect(await client.readAll()).toBe('held after');
}

/** With one connection held, whether another one is served. */
async function isOneMoreServed(run: DispatcherRun): Promise<boolean> {
  return (await ask(run.port('echo'), 'x')) === 'x';
}

/** Takes next to no time: the spawner alone bounds how often it runs. Gives one configuration after the other. */
function swiftCompiler(configs: readonly Config[]): Command {
  const directory = scratch('compiler');
  for (const [index, each] of configs.entries()) {
    writeFileSync(join(directory, `table${index}`), encodeTable(each));
    writeFileSync(join(directory, `policy${index}`), packPolicy(policyOf(each)));
  }
  const script = `cd ${directory}; n=$(cat n 2>/dev/null || echo 0); echo $(((n + 1) % ${configs.length})) >n
cat table$n >&3; cat policy$n >&4`;
  return { path: '/bin/sh', argv: ['sh', '-c', script], env: [] };
}

describe('a reload', () => {
  test('of nothing new goes well, and no connection notices (promise 4)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    const before = descriptorCountOf(run.pid);
    for (let count = 0; count < 3; count++) {
      run.process.kill('SIGHUP');
      expect(await run.event('reloaded')).toMatchObject({ level: 'info', services: 1 });
    }
    expect(descriptorCountOf(run.pid)).toBe(before);
    await goesOn(client);
  });

  test('puts a new policy in force, for a dispatcher that comes later as well (promise 4)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    expect(await isOneMoreServed(run)).toBe(true);
    run.compiler.policy(policyWith(1));
    run.process.kill('SIGHUP');
    await run.event('reloaded');
    expect(await isOneMoreServed(run)).toBe(false);
    expect(await run.event('refused')).toMatchObject({ service: 'echo', reason: 'service_limit' });
    process.kill(run.dispatcherPid, 'SIGKILL');
    await run.event('ready');
    expect(await isOneMoreServed(run)).toBe(false);
    await goesOn(client);
  });

  test('puts another launch table in force, whose services stand elsewhere, and no connection notices (promise 4)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    const port = run.port('echo');
    for (const services of [[other, wide], [wide], [wide, other]]) {
      compile(run, services);
      run.process.kill('SIGHUP');
      expect(await run.event('reloaded')).toMatchObject({ services: services.length });
      const crowd = await Promise.all(Array.from({ length: MANY }, () => hold(run)));
      await Promise.all(crowd.map(goesOn));
    }
    expect(
      run.log.all.filter(({ event, service }) => event === 'listening' && service === 'echo'),
    ).toHaveLength(1);
    // One that is killed takes records with it that it has not written.
    await until(() => run.count('exited') === run.count('started') - 1, { what: 'the crowd is told of' });
    process.kill(run.dispatcherPid, 'SIGKILL');
    expect(await run.event('ready')).toMatchObject({ services: 2 });
    expect(run.port('echo')).toBe(port);
    expect(await isOneMoreServed(run)).toBe(true);
    await goesOn(client);
    await until(() => run.count('exited') === run.count('started'), { what: 'every handler has ended' });
    const ended = run.log.all.filter(({ event }) => event === 'exited').map(({ service }) => service);
    expect(new Set(ended)).toEqual(new Set(['echo']));
  });

  test(
    `${RELOADS} times with other services leaves no descriptor behind, and no memory (promise 5, S123)`,
    async () => {
      const configs = [[echo], [other, echo], [wide, other], [echo, other, third]].map((each) =>
        configOf(each),
      );
      const run = await runDispatcher({ config, boot: { compiler: swiftCompiler(configs) } });
      const kept = (): readonly (number | undefined)[] => [
        ...[run.pid, run.dispatcherPid].map(descriptorCountOf),
        readFileSync(`/proc/${run.pid}/maps`, 'utf8').split('memfd:zinetd-table').length,
      ];
      const rssKb = (): number => Number.parseInt(statusOf(run.pid, 'VmRSS') ?? '', 10);
      const before = kept();
      let rss = 0;
      for (let times = 0; times < RELOADS; times++) {
        run.process.kill('SIGHUP');
        await run.event('reloaded');
        if (times === RELOADS / 2) rss = rssKb();
      }
      expect(kept()).toEqual(before);
      if (!isSanitized) expect(rssKb() - rss).toBeLessThan(64);
      expect(await isOneMoreServed(run)).toBe(true);
    },
    LONG_MS,
  );

  test('that a dispatcher dies of is given up, and the next one is told (promise 4, promise 8)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    compile(run, [other, wide]);
    run.compiler.way('wait');
    run.process.kill('SIGHUP');
    const compiler = await until(() => run.compilerPid, { what: 'the compiler runs' });
    process.kill(run.dispatcherPid, 'SIGSTOP');
    run.compiler.way('work');
    // As long as it is a zombie the spawner may still learn of both ends at once.
    await until(() => !existsSync(`/proc/${compiler}`), { what: 'the compiler is reaped' });
    process.kill(run.dispatcherPid, 'SIGKILL');
    expect(await run.event('reload-failed')).toMatchObject({ reason: 'system', error: 'ECANCELED' });
    expect(await isOneMoreServed(run)).toBe(true);
    expect(run.count('closed')).toBe(0);
    run.process.kill('SIGHUP');
    expect(await run.event('reloaded')).toMatchObject({ services: 2 });
    await goesOn(client);
  });

  test('with another size of a table changes nothing, since the tables stay, and says so (promise 4, promise 8)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    const policy = policyWith(1);
    for (const changes of [
      { bans: { ...policy.bans, capacity: 256 } },
      { sources: { ...policy.sources, ipv4Prefix: 24 } },
    ]) {
      run.compiler.policy({ ...policy, ...changes });
      run.process.kill('SIGHUP');
      expect(await run.event('reload-failed')).toMatchObject({ level: 'error', reason: 'restart-needed' });
      expect(await isOneMoreServed(run)).toBe(true);
    }
    process.kill(run.dispatcherPid, 'SIGKILL');
    await run.event('ready');
    expect(await isOneMoreServed(run)).toBe(true);
    run.compiler.policy(policy);
    run.process.kill('SIGHUP');
    await run.event('reloaded');
    expect(await isOneMoreServed(run)).toBe(false);
    await goesOn(client);
  });

  test('of what the compiler refuses changes nothing, and its reasons are in the log (promise 4)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    run.compiler.policy(policyWith(1));
    const finding: Finding = {
      ...{ code: 'config/syntax', severity: 'error', place: '/etc/x.yaml:1:1' },
      ...{ message: 'Cannot use this', help: undefined },
    };
    run.compiler.refused({
      findings: { list: [finding], text: 'Cannot use this\n' },
      watched: [],
      globs: [],
    });
    run.compiler.way('fail');
    run.process.kill('SIGHUP');
    expect(await run.event('diagnostic')).toMatchObject({
      ...{ level: 'error', code: 'config/syntax', place: '/etc/x.yaml:1:1', text: 'Cannot use this' },
    });
    expect(await run.event('reload-failed')).toMatchObject({ reason: 'invalid', errors: 1 });
    expect(run.stderr).toBe('');
    expect(await isOneMoreServed(run)).toBe(true);
    run.compiler.way('work');
    run.process.kill('SIGHUP');
    await run.event('reloaded');
    expect(await isOneMoreServed(run)).toBe(false);
    await goesOn(client);
  });

  test('that hangs holds up no client, and is ended in time (promise 5, S89)', async () => {
    const run = await runDispatcher({ config, boot: { compileMs: 1000 } });
    const client = await hold(run);
    run.compiler.way('wait');
    run.process.kill('SIGHUP');
    const compiler = await until(() => run.compilerPid, { what: 'the compiler runs' });
    expect(await isOneMoreServed(run)).toBe(true);
    expect(run.compilerPid).toBe(compiler);
    expect(await run.event('reload-failed')).toMatchObject({ reason: 'time' });
    expect(run.compilerPid).toBeUndefined();
    await goesOn(client);
  });

  test('is one for all that ask while another runs (S121)', async () => {
    // One after the other, but the end of each may be told late.
    const run = await runDispatcher({ config: configOf([wide]) });
    run.compiler.way('wait');
    run.process.kill('SIGHUP');
    const compiler = await until(() => run.compilerPid, { what: 'the compiler runs' });
    for (let count = 0; count < 5; count++) {
      run.process.kill('SIGHUP');
      // An answer shows that the spawner has gone round since.
      expect(await ask(run.port('echo'), 'x')).toBe('x');
    }
    expect(run.compilerPid).toBe(compiler);
    run.compiler.way('work');
    await run.event('reloaded');
    await run.event('reloaded');
    await until(() => run.compilerPid === undefined, { what: 'no compiler runs' });
    expect(await ask(run.port('echo'), 'x')).toBe('x');
    expect(run.count('reloaded')).toBe(2);
  });

  test('that runs does not keep zinetd from stopping, and leaves no process behind', async () => {
    const run = await runDispatcher({ config });
    run.compiler.way('wait');
    run.process.kill('SIGHUP');
    const compiler = await until(() => run.compilerPid, { what: 'the compiler runs' });
    run.process.kill('SIGTERM');
    expect(await run.exited).toBe(0);
    await until(() => !readdirSync('/proc').includes(String(compiler)), { what: 'the compiler is gone' });
  });
});
