import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { policyOf } from '../../src/compile/policy.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Service } from '../../src/model/service.ts';
import { serviceRules } from '../admission/example-policy.ts';
import { configOf, plain } from '../compile/example.ts';
import { ask, type Client, connect } from '../harness/client.ts';
import { descriptorCountOf } from '../harness/processes.ts';
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

  test("with another launch table is a successor's, and no handler notices (promise 4)", async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    const first = run.dispatcherPid;
    const next = configOf([
      { ...echo, name: 'other' },
      { ...echo, rules: serviceRules({ instances: cap(3) }) },
    ]);
    run.compiler.policy(policyOf(next));
    run.compiler.table(next);
    run.process.kill('SIGHUP');
    expect(await run.event('reloaded')).toMatchObject({ level: 'info', services: 2 });
    expect(run.dispatcherPid).not.toBe(first);
    expect(await isOneMoreServed(run)).toBe(true);
    expect(await ask(run.port('other'), 'x')).toBe('x');
    await goesOn(client);
    expect(await run.log.next((it) => it.event === 'exited' && it.service === 'echo')).toMatchObject({
      status: 0,
    });
  });

  test('that takes a service away lets its handler run to its end (promise 4, promise 7)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    const next = configOf([{ ...echo, name: 'other' }]);
    run.compiler.policy(policyOf(next));
    run.compiler.table(next);
    run.process.kill('SIGHUP');
    await run.event('reloaded');
    await goesOn(client);
    expect(await run.event('exited')).toMatchObject({ service: '(removed)', status: 0 });
  });

  test('leaves nothing behind, however often the launch table changes (B1)', async () => {
    const run = await runDispatcher({ config });
    const other = configOf([{ ...echo, rules: serviceRules({ instances: cap(3) }) }]);
    const before = descriptorCountOf(run.pid);
    for (let count = 0; count < 6; count++) {
      const next = count % 2 === 0 ? other : config;
      run.compiler.policy(policyOf(next));
      run.compiler.table(next);
      run.process.kill('SIGHUP');
      await run.event('reloaded');
    }
    expect(descriptorCountOf(run.pid)).toBe(before);
    expect(await isOneMoreServed(run)).toBe(true);
  });

  test("with another size of a table is a successor's, too (promise 4, promise 8)", async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    const policy = policyWith(1);
    for (const changes of [
      { bans: { ...policy.bans, capacity: 256 } },
      { sources: { ...policy.sources, ipv4Prefix: 24 } },
    ]) {
      const first = run.dispatcherPid;
      run.compiler.policy({ ...policy, ...changes });
      run.process.kill('SIGHUP');
      await run.event('reloaded');
      expect(run.dispatcherPid).not.toBe(first);
      expect(await isOneMoreServed(run)).toBe(false);
    }
    await goesOn(client);
  });

  test('of what the compiler refuses changes nothing, and its reasons are on standard error (promise 4)', async () => {
    const run = await runDispatcher({ config });
    const client = await hold(run);
    run.compiler.policy(policyWith(1));
    run.compiler.way('fail');
    run.process.kill('SIGHUP');
    expect(await run.event('reload-failed')).toMatchObject({ reason: 'invalid' });
    expect(run.stderr).toBe('line 1: error: Cannot use this\n');
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
    const run = await runDispatcher({ config });
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
