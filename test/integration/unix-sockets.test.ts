import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runZinetd } from '../cli/run-zinetd.ts';
import { connectToPath } from '../harness/connect-to-path.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';

const run = promisify(execFile);
const user = isRoot ? { user: 'nobody' } : {};
const cat = { server: '/bin/cat', ...user };
const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;

async function echo(path: string, text: string): Promise<string> {
  const client = await connectToPath(path);
  client.send(text);
  client.halfClose();
  return client.readAll();
}

const SEQPACKET = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1].replace("@", "\\0"))
s.send(b"one"); s.send(b"two")
print(s.recv(99).decode(), s.recv(99).decode())
s.close()
`;

const BY_NAME = `
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect("\\0" + sys.argv[1])
s.send(b"by name"); s.shutdown(socket.SHUT_WR)
print(s.recv(99).decode())
`;

const ANSWER = `
import socket
s = socket.socket(fileno=0)
text, sender = s.recvfrom(99)
s.sendto(b"got " + text, sender)
`;

const SEND = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[2])
os.chmod(sys.argv[2], 0o777)
s.sendto(b"one", sys.argv[1])
print(s.recv(99).decode())
`;

/** How many bytes it is sent. */
const ASK = `
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
print(len(s.recv(99)))
`;

/** Binds a stream socket and is gone: what a killed daemon leaves. */
const LEAVE = 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])';

function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o7777).toString(8);
}

describe('unix sockets', () => {
  test('serve clients by path and by abstract name, and log who they are', async () => {
    const path = join(scratch('unix'), 'a.sock');
    const name = `zinetd-test-${process.pid}`;
    const zinetd = await startZinetd({
      config: { services: { it: { ...cat, listen: [`unix://${path}`, `unix://@${name}`] } } },
    });
    expect(await echo(path, 'by path')).toBe('by path');
    expect((await run('/usr/bin/python3', ['-c', BY_NAME, name])).stdout).toBe('by name\n');
    const { peer } = await zinetd.event('started');
    expect(peer).toMatchObject({ uid, gid, pid: process.pid });
    await zinetd.event('exited');
  });

  test('serve packets one by one with unix-seqpacket', async () => {
    const path = join(scratch('unix'), 'p.sock');
    const name = `@zinetd-seq-${process.pid}`;
    const listen = [`unix-seqpacket://${path}`, `unix-seqpacket://${name}`];
    await startZinetd({ config: { services: { it: { ...cat, listen } } } });
    for (const at of [path, name])
      expect((await run('/usr/bin/python3', ['-c', SEQPACKET, at])).stdout).toBe('one two\n');
  });

  test('hand their datagrams to one handler with unix-dgram and wait', async () => {
    const directory = scratch('unix');
    const [path, own] = [join(directory, 'log'), join(directory, 'me')];
    const it = { ...cat, listen: `unix-dgram://${path}`, socket_mode: '0666', wait: true };
    const handlerArgs = { server: '/usr/bin/python3', server_args: ['-c', ANSWER] };
    const zinetd = await startZinetd({ config: { services: { it: { ...it, ...handlerArgs } } } });
    expect((await run('/usr/bin/python3', ['-c', SEND, path, own])).stdout).toBe('got one\n');
    expect(await zinetd.event('exited')).toMatchObject({ service: 'it', status: 0 });
  });

  test('have exactly the owner, group and mode that the configuration says', async () => {
    const directory = scratch('unix');
    const path = (name: string) => join(directory, name);
    const owner = isRoot ? { socket_user: 'nobody', socket_group: 'daemon' } : {};
    await startZinetd({
      config: {
        services: {
          plain: { ...cat, listen: `unix://${path('plain')}` },
          open: { ...cat, listen: `unix://${path('open')}`, socket_mode: '0666', ...owner },
          closed: { ...cat, listen: `unix-seqpacket://${path('closed')}`, socket_mode: '0' },
        },
      },
    });
    expect([modeOf(path('plain')), modeOf(path('open')), modeOf(path('closed'))]).toEqual([
      '660',
      '666',
      '0',
    ]);
    const { uid: owned } = lstatSync(path('open'));
    expect(owned).toBe(isRoot ? 65534 : uid);
  });

  test.runIf(isRoot)('are open to nobody until owner, group and mode are right', async () => {
    const path = join(scratch('unix'), 'slow.sock');
    writeFileSync(path, 'in the way');
    const owner = { socket_user: 'nobody', socket_group: 'daemon', socket_mode: '0666' };
    const other = { ...cat, listen: 'tcp://127.0.0.1:0' };
    const zinetd = await startZinetd({
      config: { services: { it: { ...cat, listen: `unix://${path}`, ...owner }, other } },
    });
    const strace = await attachStrace(zinetd.pid, ['-e', 'trace=umask,bind,chmod,fchmodat,lchown,fchownat']);
    rmSync(path);
    await zinetd.event(({ event, service }) => event === 'listening' && service === 'it');
    const lines = await strace.detach();
    const calls = lines.flatMap((line) => /^(umask\(0777\)|[a-z]+)\(?.*= [0-9]+$/.exec(line)?.[1] ?? []);
    const [mask, bound, restored, ...rest] = calls.slice(-6);
    expect([mask, bound, restored]).toEqual(['umask(0777)', 'bind', 'umask']);
    expect(rest.map((call) => call.replace('fchmodat', 'chmod').replace('fchownat', 'lchown'))).toEqual([
      'lchown',
      'chmod',
      'lchown',
    ]);
    expect(lstatSync(path)).toMatchObject({ uid: 65534, gid: 1 });
    // With a socket more than at the start, which the bars would take for a leak.
    await zinetd.stop();
  });

  test('take the place of one that a killed daemon left, and go when zinetd ends', async () => {
    const path = join(scratch('unix'), 'stale.sock');
    await run('/usr/bin/python3', ['-c', LEAVE, path]);
    expect(existsSync(path)).toBe(true);
    const zinetd = await startZinetd({ config: { services: { it: { ...cat, listen: `unix://${path}` } } } });
    expect(await echo(path, 'x')).toBe('x');
    await zinetd.stop();
    expect(existsSync(path)).toBe(false);
  });

  test.runIf(isRoot)(
    'leave alone what somebody else left, unless it is whose they are to be (S114)',
    async () => {
      const directory = scratch('unix');
      const [mine, theirs] = [join(directory, 'mine'), join(directory, 'theirs')];
      for (const path of [mine, theirs]) {
        await run('/usr/bin/python3', ['-c', LEAVE, path]);
        chownSync(path, 65534, 65534);
      }
      const zinetd = await startZinetd({
        config: {
          services: {
            theirs: { ...cat, listen: `unix://${theirs}`, socket_user: 'nobody' },
            mine: { ...cat, listen: `unix://${mine}` },
          },
        },
      });
      expect(await echo(theirs, 'x')).toBe('x');
      expect(zinetd.log.all.filter(({ event }) => event === 'listen-failed')).toMatchObject([
        { service: 'mine', error: 'EADDRINUSE' },
      ]);
      expect(lstatSync(mine).uid).toBe(65534);
    },
  );

  test('leave alone what is in use, and what is no socket', async () => {
    const directory = scratch('unix');
    const [live, file] = [join(directory, 'live.sock'), join(directory, 'file')];
    writeFileSync(file, 'precious');
    const server = createServer((socket) => socket.on('error', () => {}).end('mine'));
    await new Promise<void>((done) => server.listen(live, done));
    onTestFinished(() => void server.close());
    const zinetd = await startZinetd({
      config: {
        services: {
          a: { ...cat, listen: `unix://${live}` },
          b: { ...cat, listen: `unix://${file}` },
          c: { ...cat, listen: `unix://${join(directory, 'c')}` },
        },
      },
    });
    const failed = zinetd.log.all.filter(({ event }) => event === 'listen-failed');
    expect(failed.map(({ service, error }) => [service, error])).toEqual([
      ['a', 'EADDRINUSE'],
      ['b', 'EADDRINUSE'],
    ]);
    expect(await echo(live, '')).toBe('mine');
    await zinetd.stop();
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(lstatSync(live).isSocket()).toBe(true);
  });

  test('are not removed at the end when they are somebody else’s by then', async () => {
    const path = join(scratch('unix'), 'moved.sock');
    const zinetd = await startZinetd({ config: { services: { it: { ...cat, listen: `unix://${path}` } } } });
    await run('/bin/rm', [path]);
    writeFileSync(path, 'new');
    await zinetd.stop();
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  test('are refused in a directory that others can write to, unless it is sticky (S104)', () => {
    const directory = scratch('unix');
    const open = join(directory, 'open');
    mkdirSync(open);
    const codeOf = (path: string): string => {
      const file = join(scratch('config'), 'z.yaml');
      const service = { ...cat, listen: `unix://${path}` };
      writeFileSync(file, JSON.stringify({ version: 1, services: { it: service } }));
      const { stderr } = runZinetd(['check', '-c', file]);
      return /config\/[a-z-]+/.exec(stderr)?.[0] ?? 'none';
    };
    expect(codeOf(join(open, 's'))).toBe('none');
    chmodSync(open, 0o777);
    expect(codeOf(join(open, 's'))).toBe('config/untrusted-path');
    chmodSync(open, 0o1777);
    expect(codeOf(join(open, 's'))).toBe(isRoot ? 'none' : 'config/untrusted-path');
    expect(codeOf(join(directory, 'absent', 's'))).toBe('config/unreadable');
  });
});

describe('access lists of unix sockets', () => {
  const own = isRoot ? 'user:root' : `uid:${uid}`;
  test.each([
    ['uid in only_from', { only_from: [`uid:${uid}`] }, true],
    ['user in only_from', { only_from: [own] }, true],
    ['gid in only_from', { only_from: [`gid:${gid}`] }, true],
    ['another uid', { only_from: [`uid:${uid + 1}`] }, false],
    ['addresses alone, even all of them', { only_from: ['0.0.0.0/0', '::/0'] }, false],
    ['uid in no_access', { no_access: [`uid:${uid}`] }, false],
    ['addresses in no_access', { no_access: ['0.0.0.0/0', '::/0'] }, true],
    [
      'a uid that is more specific than its gid',
      { only_from: [`uid:${uid}`], no_access: [`gid:${gid}`] },
      true,
    ],
    ['names, which nobody has', { only_from: ['.example.org'] }, false],
    ['names that are kept out', { no_access: ['.example.org'] }, true],
  ])('decide by who is there: %s', async (_title, lists, isServed) => {
    const path = join(scratch('unix'), 'a.sock');
    const zinetd = await startZinetd({
      config: { services: { it: { ...cat, listen: `unix://${path}`, ...lists } } },
    });
    const client = await connectToPath(path);
    client.send('hello');
    client.halfClose();
    await client.ended();
    expect(client.received.toString()).toBe(isServed ? 'hello' : '');
    const end = await zinetd.event(isServed ? 'exited' : 'refused');
    expect(end.peer).toMatchObject({ uid, gid });
  });

  test.each([
    ['ALL: UNKNOWN', true],
    ['ALL: ALL', true],
    ['ALL: LOCAL', false],
    ['ALL: KNOWN', false],
    ['ALL: [::]/0', false],
  ])('of hosts.allow that say "%s" decide without a look-up', async (rule, isServed) => {
    const directory = scratch('hosts');
    const [allow, deny, path] = ['allow', 'deny', 's'].map((name) => join(directory, name));
    writeFileSync(allow ?? '', `${rule}\n`);
    writeFileSync(deny ?? '', 'ALL: ALL\n');
    const it = { ...cat, listen: `unix://${path}`, hosts_access: { allow, deny } };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const client = await connectToPath(path ?? '');
    client.halfClose();
    await client.ended();
    await zinetd.event(isServed ? 'exited' : 'refused');
  });

  test('leave peers with an address alone', async () => {
    const zinetd = await startZinetd({
      config: { services: { it: { ...cat, listen: 'tcp://127.0.0.1:0', only_from: [`uid:${uid}`] } } },
    });
    const socket = createConnection({ port: zinetd.port('it'), host: '127.0.0.1' });
    onTestFinished(() => void socket.destroy());
    await zinetd.event('refused');
    expect(zinetd.stderr).toContain('config/list-of-others');
  });

  test('count one user as one source, and ban it alone', async () => {
    const directory = scratch('unix');
    const [trap, open] = [join(directory, 'trap'), join(directory, 'open')];
    const zinetd = await startZinetd({
      config: {
        services: {
          trap: { listen: `unix://${trap}`, sensor: true },
          open: { ...cat, listen: [`unix://${open}`, 'tcp://127.0.0.1:0'] },
        },
      },
    });
    expect(await echo(open, 'before')).toBe('before');
    await (await connectToPath(trap)).ended();
    await zinetd.event('banned');
    const client = await connectToPath(open);
    await client.ended();
    expect(
      (await zinetd.event(({ service, event }) => event === 'refused' && service === 'open')).reason,
    ).toBe('banned');
  });

  test('have a limit for each user, whatever the process', async () => {
    const path = join(scratch('unix'), 'a.sock');
    const zinetd = await startZinetd({
      config: { services: { it: { ...cat, listen: `unix://${path}`, per_source: 1 } } },
    });
    const first = await connectToPath(path);
    first.send('first');
    await first.readUntil('first');
    // Another process, and the same user.
    expect((await run('/usr/bin/python3', ['-c', ASK, path])).stdout).toBe('0\n');
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'per_source_limit', peer: { uid } });
    first.halfClose();
    await zinetd.event('exited');
    expect(await echo(path, 'again')).toBe('again');
  });

  test('are explained for a uid', () => {
    const file = join(scratch('config'), 'z.yaml');
    const service = { ...cat, listen: 'unix://@x', only_from: ['uid:4711', 'gid:12'] };
    writeFileSync(file, JSON.stringify({ version: 1, services: { it: service } }));
    const answer = (from: string) => runZinetd(['explain', 'it', '-c', file, '--from', from]).code;
    expect([answer('uid:4711'), answer('uid:4712'), answer('uid:1,gid:12'), answer('cid:3')]).toEqual([
      0, 1, 0, 1,
    ]);
  });
});
