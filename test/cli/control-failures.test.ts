import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLE_STATUS } from '../harness/example-status.ts';
import { error, fakeControl, result } from '../harness/fake-control.ts';
import { unprivilegedUser } from '../harness/identity.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { zinetdCommand } from '../harness/zinetd-command.ts';
import { runClient } from './run-client.ts';

const OTHER_VERSION = '   help: the zinetd that runs is probably another version than this command\n';

test('a daemon that does not run, or listens elsewhere, is exit code 1 and says where it was looked for', async () => {
  const path = join(scratch('control'), 'control');
  expect(await runClient(['status'], { control: path })).toEqual({
    ...{ code: 1, stdout: '' },
    stderr:
      `zinetd: Cannot reach zinetd at "${path}": there is no such socket\n` +
      '   help: is it running? "--control" names the socket of one that listens elsewhere\n',
  });
  writeFileSync(path, '');
  expect(await runClient(['stop'], { control: path })).toEqual({
    ...{ code: 1, stdout: '', stderr: `zinetd: Cannot reach zinetd at "${path}": it is not running\n` },
  });
});

test('health is one line and exit code 1 for every failure', async () => {
  const path = join(scratch('control'), 'control');
  const missing = await runClient(['health'], { control: path });
  expect(missing).toMatchObject({ code: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^zinetd: [^\n]+\n$/);
});

test('whoever may not connect reads who may (S114)', async () => {
  const user = unprivilegedUser();
  if (process.getuid?.() !== 0 || user === undefined)
    throw new Error('This test needs root and another user');
  const { path } = await fakeControl({ status: result(EXAMPLE_STATUS) });
  chmodSync(path, 0o600);
  const drop = ['setpriv', '--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'];
  const argv = [...drop, ...zinetdCommand({ as: user }), 'status', '--control', path];
  const { status, stdout, stderr } = await runProgram(argv);
  expect({ status, stdout, stderr }).toEqual({
    ...{ status: 3, stdout: '', stderr: `zinetd: Cannot reach zinetd at "${path}": only "root" may\n` },
  });
});

test('a path that would be cut is wrong usage, and so is none at all (S114)', async () => {
  const long = `/${'x'.repeat(107)}`;
  expect(await runClient(['status'], { control: long })).toMatchObject({ code: 2, stdout: '' });
  expect(await runClient(['status', '--control='])).toMatchObject({ code: 2, stdout: '' });
});

test('a daemon that goes away in the middle is an answer that did not come', async () => {
  const { path } = await fakeControl({ status: (_, socket) => socket.destroy() });
  expect(await runClient(['status'], { control: path })).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: 'zinetd: Cannot get an answer from zinetd: it ended the connection\n   help: its log says why\n',
  });
});

test('what speaks another protocol is said to, and nothing of it is shown', async () => {
  const { path } = await fakeControl({
    status: (_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  });
  const { code, stdout, stderr } = await runClient(['status'], { control: path });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    `zinetd: Cannot understand what answers at "${path}": it does not speak the protocol of this version\n${OTHER_VERSION}`,
  );
});

test('an older daemon that does not know the method says so', async () => {
  const { path } = await fakeControl({});
  expect(await runClient(['bans'], { control: path })).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: `zinetd: Cannot answer "bans": there is no such method\n${OTHER_VERSION}`,
  });
});

test('a daemon that says no is exit code 1, in its own words without what a terminal could act on', async () => {
  const no = error('not-permitted', 'Cannot stop: this socket may only be asked \x1b[2J');
  const { path } = await fakeControl({ stop: no });
  expect(await runClient(['stop'], { control: path })).toEqual({
    ...{ code: 1, stdout: '', stderr: 'zinetd: Cannot stop: this socket may only be asked \\x1b[2J\n' },
  });
});

test('a service that is not there is not shown, with the nearest name', async () => {
  const { path } = await fakeControl({ status: result(EXAMPLE_STATUS) });
  expect(await runClient(['status', 'echo', 'tolk'], { control: path })).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: 'zinetd: Cannot show "tolk": there is no such service\n   help: did you mean "talk"?\n',
  });
});
