import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Status } from '../../src/control/messages.ts';
import { runClient } from '../cli/run-client.ts';
import { connect } from '../harness/client.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

const SERVICES = {
  echo: { listen: 'tcp://127.0.0.1:0', builtin: 'echo' },
  cat: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', user: 'nobody' },
};

async function start(): Promise<{
  readonly zinetd: Zinetd;
  readonly zinetdctl: (...args: readonly string[]) => ReturnType<typeof runClient>;
}> {
  const control = join(scratch('control'), 'control');
  const zinetd = await startZinetd({ config: { services: SERVICES }, args: ['--control', control] });
  return { zinetd, zinetdctl: (...args) => runClient(args, { control }) };
}

async function greet(port: number): Promise<Awaited<ReturnType<typeof connect>>> {
  const client = await connect(port);
  client.send('hello\n');
  await client.readUntil('hello');
  return client;
}

test('an operator sees a connection and ends it', async () => {
  const { zinetd, zinetdctl } = await start();
  expect(await zinetdctl('health')).toEqual({ code: 0, stdout: 'ready\n', stderr: '' });
  const client = await greet(zinetd.port('cat'));
  const { stdout } = await zinetdctl('connections', 'cat');
  const [, id = ''] =
    new RegExp(`^ *(\\d+) +cat +running .*127\\.0\\.0\\.1:${client.localPort}$`, 'm').exec(stdout) ?? [];
  expect(await zinetdctl('kill', id)).toMatchObject({ code: 0, stderr: '' });
  await client.ended();
  expect(await zinetdctl('kill', id)).toMatchObject({ code: 1, stdout: '' });
});

test('an operator bans a source, sees it banned, and lifts the ban', async () => {
  const { zinetd, zinetdctl } = await start();
  expect((await zinetdctl('ban', '127.0.0.1', '--for', '1h')).stdout).toBe('127.0.0.1: banned for 1h\n');
  await (await connect(zinetd.port('cat'))).ended();
  expect((await zinetdctl('status', 'cat')).stdout).toMatch(/^ {4}refused for: banned 1$/m);
  expect((await zinetdctl('bans')).stdout).toMatch(/^127\.0\.0\.1 +(59m\d+s|1h) +operator$/m);
  expect(await zinetdctl('unban', '127.0.0.1')).toMatchObject({ code: 0 });
  expect(await zinetdctl('unban', '127.0.0.1')).toMatchObject({ code: 1 });
  (await greet(zinetd.port('cat'))).halfClose();
});

test('what status says as JSON is what there is, and top shows its rates', async () => {
  const { zinetd, zinetdctl } = await start();
  const client = await greet(zinetd.port('echo'));
  const status = JSON.parse((await zinetdctl('status', '--json')).stdout) as Status;
  expect(status).toMatchObject({ pid: zinetd.pid, dispatcherPid: zinetd.dispatcherPid, phase: 'serving' });
  expect(status.services).toMatchObject([
    { name: 'echo', state: 'serving', counts: { started: 1 } },
    { name: 'cat', state: 'serving', counts: { started: 0 } },
  ]);
  const top = await zinetdctl('top', '--interval', '100ms', '--count', '2');
  expect(top).toMatchObject({ code: 0, stderr: '' });
  expect(top.stdout.match(/^echo +serving/gm)).toHaveLength(2);
  expect(top.stdout).toMatch(/^per second: 0 started, 0 refused, 0 failed$/m);
  client.halfClose();
  await client.ended();
});

test('a service is disabled, drained and enabled, and its clients notice', async () => {
  const { zinetd, zinetdctl } = await start();
  const client = await greet(zinetd.port('cat'));
  expect(await zinetdctl('disable', 'cat')).toEqual({
    ...{ code: 0, stdout: 'cat: disabled, was serving; 1 handler still running\n', stderr: '' },
  });
  await (await connect(zinetd.port('cat'))).ended();
  expect((await zinetdctl('status', 'cat')).stdout).toMatch(/^cat +disabled +1\//m);
  expect((await zinetdctl('drain', 'cat', '--deadline', '0s')).stdout).toMatch(
    /^cat: drained; \d handlers? ended/,
  );
  await client.ended();
  expect((await zinetdctl('enable', 'cat')).stdout).toBe('cat: enabled, was disabled\n');
  (await greet(zinetd.port('cat'))).halfClose();
  expect(await zinetdctl('enable', 'dog')).toMatchObject({ code: 1, stdout: '' });
});

test('stop returns when zinetd has gone, and then nothing is running', async () => {
  const { zinetd, zinetdctl } = await start();
  expect(await zinetdctl('stop')).toMatchObject({ code: 0, stderr: '' });
  expect(await zinetd.ended).toBe(0);
  expect((await zinetdctl('health')).code).toBe(1);
});
