import { expect, test } from 'vitest';
import type { MethodName } from '../../src/control/messages.ts';
import { EXAMPLE_STATUS } from '../harness/example-status.ts';
import { error, fakeControl, type Play, reply, result } from '../harness/fake-control.ts';
import { runClient } from './run-client.ts';

interface Row {
  readonly args: readonly string[];
  readonly method: MethodName;
  readonly params: object;
  readonly play: Play;
  readonly code: number;
  readonly stdout: string;
  readonly stderr?: string;
}

const PLAN = {
  services: { added: ['time'], removed: ['ftp'], changed: ['echo', 'talk'], unchanged: 12 },
  listeners: [
    { action: 'open', service: 'time', at: 'tcp://0.0.0.0:37' },
    { action: 'close', service: 'ftp', at: 'tcp://0.0.0.0:21' },
    { action: 'keep', service: 'echo', at: 'tcp://0.0.0.0:7' },
  ],
};
const NO_PLAN = { services: { added: [], removed: [], changed: [], unchanged: 1 }, listeners: [] };
const DIAGNOSTIC =
  '/etc/zinetd/zinetd.yaml:3:1: error[config/unknown-key]: Cannot use "x": no such setting\n';

const ROWS: readonly Row[] = [
  {
    ...{ args: ['reload'], method: 'reload', params: {}, code: 0 },
    play: result({ outcome: 'reloaded', plan: PLAN, diagnostics: '' }),
    stdout: `Reloaded:
  added   time
  removed ftp
  changed echo, talk
  open    tcp://0.0.0.0:37 of time
  close   tcp://0.0.0.0:21 of ftp
  as before: 12 services, 1 listener
`,
  },
  {
    ...{ args: ['reload', '--dry-run'], method: 'reload', params: { isDry: true }, code: 0 },
    play: result({ outcome: 'planned', plan: NO_PLAN, diagnostics: '' }),
    stdout: 'Nothing would change\n  as before: 1 service, 0 listeners\n',
  },
  {
    ...{ args: ['reload'], method: 'reload', params: {}, code: 1, stdout: '' },
    play: result({ outcome: 'failed', why: 'the configuration has 1 error', diagnostics: DIAGNOSTIC }),
    stderr: `${DIAGNOSTIC}zinetd: Cannot reload: the configuration has 1 error\n`,
  },
  {
    ...{ args: ['enable', 'ftp'], method: 'enable', params: { service: 'ftp' }, code: 0 },
    ...{ play: result({ was: 'disabled' }), stdout: 'ftp: enabled, was disabled\n' },
  },
  {
    ...{ args: ['disable', 'ftp'], method: 'disable', params: { service: 'ftp' }, code: 0 },
    ...{
      play: result({ was: 'serving', running: 2 }),
      stdout: 'ftp: disabled, was serving; 2 handlers still running\n',
    },
  },
  {
    ...{ args: ['disable', 'fpt'], method: 'disable', params: { service: 'fpt' }, code: 1, stdout: '' },
    play: error('not-found', 'Cannot disable "fpt": there is no such service\n   help: did you mean "ftp"?'),
    stderr: 'zinetd: Cannot disable "fpt": there is no such service\n   help: did you mean "ftp"?\n',
  },
  {
    ...{ args: ['drain', 'ftp', '--deadline', '30s'], method: 'drain', code: 0 },
    params: { service: 'ftp', deadlineMs: 30_000 },
    play: (request, socket) => {
      socket.write(reply(request, { item: { running: 2 } }));
      socket.write(reply(request, { result: { ended: 1, killed: 1 } }));
    },
    stdout: 'ftp: drained; 1 handler ended, 1 killed\n',
    stderr: 'ftp: waiting for 2 handlers\n',
  },
  {
    ...{ args: ['ban', '2001:db8::1', '--for', '1h'], method: 'ban', code: 0 },
    params: { source: '2001:db8::1', forMs: 3_600_000 },
    ...{ play: result({ source: '2001:db8::/64' }), stdout: '2001:db8::/64: banned for 1h\n' },
  },
  {
    ...{ args: ['ban', 'nonsense'], method: 'ban', params: { source: 'nonsense' }, code: 2, stdout: '' },
    play: error('invalid-params', 'Cannot ban "nonsense": not an address'),
    stderr: 'zinetd: Cannot ban "nonsense": not an address\n',
  },
  {
    ...{
      args: ['unban', '192.0.2.1'],
      method: 'unban',
      params: { source: '192.0.2.1' },
      code: 1,
      stdout: '',
    },
    ...{ play: result({ lifted: 0 }), stderr: 'zinetd: Cannot lift the ban of "192.0.2.1": there is none\n' },
  },
  {
    ...{ args: ['unban', '--all'], method: 'unban', params: { isAll: true }, code: 0 },
    ...{ play: result({ lifted: 2 }), stdout: 'Lifted 2 bans\n' },
  },
  {
    ...{ args: ['bans'], method: 'bans', params: {}, code: 0 },
    play: result({
      bans: [
        { source: '2001:db8::/64', reason: 'scan', forMs: 3_540_000 },
        { source: '192.0.2.1', reason: 'operator', forMs: null },
      ],
      more: 3,
    }),
    stdout: `SOURCE              FOR  REASON
2001:db8::/64       59m  scan
192.0.2.1      for ever  operator
and 3 more
`,
  },
  {
    ...{ args: ['connections', 'ftp'], method: 'connections', params: { service: 'ftp' }, code: 0 },
    play: result({
      connections: [
        { id: 12, service: 'ftp', from: '192.0.2.1:4000', pid: 991, forMs: 61_000, state: 'running' },
        { id: 7, service: 'ftp', from: '[2001:db8::1]:5', forMs: 20, state: 'starting' },
      ],
      more: 0,
    }),
    stdout: `CONNECTION  SERVICE  STATE     PID   FOR  FROM
        12  ftp      running   991  1m1s  192.0.2.1:4000
         7  ftp      starting    -  20ms  [2001:db8::1]:5
`,
  },
  {
    ...{ args: ['kill', '12', '--signal', 'KILL'], method: 'kill', code: 0 },
    params: { connection: 12, signal: 'KILL' },
    ...{ play: result({}), stdout: '12: KILL sent\n' },
  },
  {
    ...{ args: ['explain', 'ftp', '--from', '192.0.2.1', '--live'], method: 'explain', code: 1 },
    params: { service: 'ftp', from: '192.0.2.1' },
    play: result({
      isAdmitted: false,
      text: 'ftp: 192.0.2.1 is refused (banned), policy reject\n',
      json: {},
    }),
    stdout: 'ftp: 192.0.2.1 is refused (banned), policy reject\n',
  },
  {
    ...{ args: ['status', 'finger'], method: 'status', params: {}, code: 0 },
    play: result(EXAMPLE_STATUS),
    stdout: `zinetd 0.1.0, serving: pid 4711, up 3d4h, generation 7
133 handlers, 2 starting; 1204 sources, 3 bans, 1 restart of the dispatcher
last reload failed 12m ago: 2 errors in the configuration

SERVICE  STATE      HANDLERS  STARTED  REFUSED  FAILED  LISTENERS
finger   suspended      0/10      812    40.1M       2  tcp://0.0.0.0:79
    too many connections for a moment, for 9s
    tcp://0.0.0.0:79 is paused: suspended
    refused for: service_limit 40100390, address 11
`,
  },
  {
    ...{ args: ['health'], method: 'ping', params: {}, play: result({ isReady: true }) },
    code: 0,
    stdout: 'ready\n',
  },
  {
    ...{ args: ['health'], method: 'ping', params: {}, code: 1, stdout: '' },
    play: result({ isReady: false, why: 'it is\nstopping' }),
    stderr: 'zinetd: Not ready: it is stopping\n',
  },
  {
    ...{ args: ['stop'], method: 'stop', params: {}, code: 0 },
    play: (request, socket) => socket.end(reply(request, { result: {} })),
    stdout: 'stopping: handlers may finish within the grace time\nstopped\n',
  },
  {
    ...{ args: ['logs', '--service', 'ftp', '-f'], method: 'logs', code: 0 },
    params: { service: 'ftp', format: 'text' },
    play: (request, socket) => {
      socket.write(reply(request, { item: { line: 'START: ftp pid=1 from=192.0.2.1\n' } }));
      socket.write(reply(request, { item: { line: 'a terminal \x1b[2J would act on it', lost: 5 } }));
      socket.write(reply(request, { result: {} }));
    },
    stdout: 'START: ftp pid=1 from=192.0.2.1\na terminal \\x1b[2J would act on it\n',
    stderr: 'zinetd: 5 records lost: this reader was too slow\n',
  },
];

for (const { args, method, params, play, code, stdout, stderr = '' } of ROWS) {
  test(`"${args.join(' ')}" asks for ${method} and ends with ${code}`, async () => {
    const { path, requests } = await fakeControl({ [method]: play });
    expect(await runClient(args, { control: path })).toEqual({ code, stdout, stderr });
    expect(requests).toEqual([{ zinetd: 1, id: 1, method, params }]);
  });
}

test('--json prints what the daemon said, with nothing that a terminal could act on', async () => {
  const bans = { bans: [{ source: '192.0.2.1', reason: 'a\u009b2J\u202eb', forMs: null }], more: 0 };
  const { path } = await fakeControl({ status: result(EXAMPLE_STATUS), bans: result(bans) });
  const status = await runClient(['status', '--json'], { control: path });
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(status.stdout)).toEqual(EXAMPLE_STATUS);
  const { stdout } = await runClient(['bans', '--json'], { control: path });
  expect(stdout).toMatch(/^[ -~\n]+$/);
  expect(JSON.parse(stdout)).toEqual(bans);
});

test('an upgrade has succeeded once another version answers, and failed if the old one does', async () => {
  const version = (await runClient(['--version'])).stdout.trim();
  const leave: Play = (request, socket) => socket.end(reply(request, { result: { from: '0.0.1' } }));
  const after = async (now: string) => {
    const { path } = await fakeControl({
      upgrade: leave,
      status: result({ ...EXAMPLE_STATUS, version: now }),
    });
    return runClient(['upgrade'], { control: path });
  };
  expect(await after(version)).toEqual({
    code: 0,
    stdout: `upgraded from 0.0.1 to ${version}\n`,
    stderr: '',
  });
  expect(await after('0.0.1')).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: 'zinetd: Cannot upgrade: version 0.0.1 still runs\n   help: its log says why\n',
  });
});
