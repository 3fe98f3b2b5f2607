import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot } from '../harness/identity.ts';
import { type Probed, probeBy, SPAWN_PATHS } from '../harness/probe-everywhere.ts';
import { scratch } from '../harness/scratch.ts';
import { ServicesFile } from '../harness/services-file.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const ALL = ['xinetd', 'ucspi', 'cgi'];
const uid = String(process.getuid?.());
const gid = String(process.getgid?.());

interface Wanted {
  readonly xinetd: Readonly<Record<string, string | undefined>>;
  readonly ucspi: Readonly<Record<string, string | undefined>>;
  readonly cgi: Readonly<Record<string, string | undefined>>;
}

function endsOf(prefix: string, address: string, { port, visit }: Probed) {
  return {
    [`${prefix}LOCALIP`]: address,
    [`${prefix}LOCALPORT`]: String(port),
    [`${prefix}REMOTEIP`]: address,
    [`${prefix}REMOTEPORT`]: String(visit.localPort),
  };
}

function inet(prefixes: readonly string[], address: string): (probed: Probed) => Wanted {
  return (probed) => ({
    xinetd: { REMOTE_HOST: address },
    ucspi: Object.assign(
      { PROTO: prefixes[0], ...(prefixes[0] !== 'UDP' && { TCPCONNNUM: '1' }) },
      ...prefixes.map((each) => endsOf(each, address, probed)),
    ),
    cgi: { REMOTE_ADDR: address, REMOTE_PORT: String(probed.visit.localPort) },
  });
}

/** One handler for many: where it listens is known, and whom it serves is not. */
function waiting(prefix: string, remoteHost: string): (probed: Probed) => Wanted {
  return ({ port }) => ({
    xinetd: { REMOTE_HOST: remoteHost },
    ucspi: { PROTO: prefix, [`${prefix}LOCALIP`]: '127.0.0.1', [`${prefix}LOCALPORT`]: String(port) },
    cgi: {},
  });
}

function unix(pid: (probed: Probed) => string | undefined): (probed: Probed) => Wanted {
  return (probed) => ({
    xinetd: {},
    ucspi: {
      ...{ PROTO: 'UNIX', UNIXREMOTEEUID: uid, UNIXREMOTEEGID: gid },
      UNIXREMOTEPID: pid(probed),
      ...{ IPCREMOTEEUID: uid, IPCREMOTEEGID: gid, IPCCONNNUM: '1' },
    },
    cgi: {},
  });
}

const WANTED: Readonly<Record<keyof typeof SPAWN_PATHS, (probed: Probed) => Wanted>> = {
  stream: inet(['TCP'], '127.0.0.1'),
  'stream of IPv6': inet(['TCP6', 'TCP'], '::1'),
  'stream of IPv4 on a socket of both': inet(['TCP'], '127.0.0.1'),
  tcpmux: inet(['TCP'], '127.0.0.1'),
  'tcpmux with an answer': inet(['TCP'], '127.0.0.1'),
  'unix stream': unix(({ visit }) => String(visit.pid)),
  'unix packets': unix(({ environment }) => environment['UNIXREMOTEPID'] ?? 'none'),
  'datagrams by peer': inet(['UDP'], '127.0.0.1'),
  'datagrams by peer, IPv6': inet(['UDP'], '::1'),
  'waiting stream': waiting('TCP', '<no address>'),
  'waiting datagrams': waiting('UDP', '127.0.0.1'),
  'waiting unix datagrams': () => ({ xinetd: {}, ucspi: { PROTO: 'UNIX' }, cgi: {} }),
};

const BOUND = `
import socket, sys
s = socket.socket(socket.AF_UNIX)
if sys.argv[1]:
    s.bind(sys.argv[1])
s.connect(sys.argv[2])
while text := s.recv(4096):
    sys.stdout.buffer.write(text)
`;

/** As a client of a unix socket whose own end is bound to a path, or to none. */
function askFrom(own: string, path: string): string {
  return execFileSync('/usr/bin/python3', ['-c', BOUND, own, path], { encoding: 'utf8' });
}

describe('the environment of a handler with "peer_env"', () => {
  test.each(Object.keys(SPAWN_PATHS))('tells of its client under all names: %s', async (name) => {
    const probed = await probeBy(name, { ...user, peer_env: ALL, env: { TEXT: 'own' } });
    const { xinetd, ucspi, cgi } = WANTED[name]?.(probed) ?? { xinetd: {}, ucspi: {}, cgi: {} };
    expect(probed.environment).toEqual({ TEXT: 'own', ...xinetd, ...ucspi, ...cgi });
  });

  test.each(['xinetd', 'ucspi', 'cgi'] as const)('tells under the names of %s alone', async (set) => {
    const probed = await probeBy('stream', { ...user, peer_env: [set] });
    expect(probed.environment).toEqual(WANTED['stream']?.(probed)[set]);
  });

  test('tells the name of the service and the number of the connection, unless the service says so itself', async () => {
    const listen = 'tcp://127.0.0.1:0';
    const it = { ...user, listen, server: '/usr/bin/env', peer_env: ['zinetd'] };
    const zinetd = await startZinetd({
      config: new ServicesFile({ it, own: { ...it, env: { ZINETD_SERVICE: 'mine' } } }).config,
    });
    const [first, second] = [await ask(zinetd.port('it')), await ask(zinetd.port('it'))];
    expect(first).toMatch(/^ZINETD_SERVICE=it\nZINETD_CONNECTION_ID=\d+\n$/);
    expect(second).toMatch(/^ZINETD_SERVICE=it\nZINETD_CONNECTION_ID=\d+\n$/);
    expect(second).not.toBe(first);
    expect(await ask(zinetd.port('own'))).toMatch(/^ZINETD_SERVICE=mine\nZINETD_CONNECTION_ID=\d+\n$/);
  });

  test('counts the connections of a source that are served at the moment, each with itself', async () => {
    const server = '/bin/sh';
    const server_args = ['-c', 'echo "$TCPCONNNUM"; exec cat'];
    const it = { ...user, listen: 'tcp://127.0.0.1:0', server, server_args, peer_env: ['ucspi'] };
    const zinetd = await startZinetd({ config: new ServicesFile({ it }).config });
    const clients = [];
    for (const count of ['1\n', '2\n', '3\n']) {
      const client = await connect(zinetd.port('it'));
      clients.push(client);
      expect(await client.readUntil('\n')).toBe(count);
    }
    for (const client of clients) client.halfClose();
  });

  test('tells the path that a client of a unix socket has given itself, and nothing that is none (S30)', async () => {
    const directory = scratch('paths');
    chmodSync(directory, 0o755);
    const path = join(directory, 'it');
    const it = { ...user, listen: `unix://${path}`, server: '/usr/bin/env', peer_env: ['ucspi'] };
    await startZinetd({ config: new ServicesFile({ it }).config });
    const pathOf = (own: string): string | undefined => /^IPCREMOTEPATH=(.*)$/m.exec(askFrom(own, path))?.[1];
    expect(pathOf(join(directory, 'me'))).toBe(join(directory, 'me'));
    expect(pathOf(join(directory, 'a\nb'))).toBeUndefined();
    expect(pathOf('')).toBeUndefined();
  });

  test('never overrides what "env" or "pass_env" has by name, and overrides what ALL passes on', async () => {
    const env = { REMOTE_HOST: 'own', PROTO: '' };
    const starter = { REMOTE_PORT: 'passed', REMOTE_ADDR: 'of a session', TCPREMOTEIP: 'of a session' };
    const named = await probeBy(
      'stream',
      { ...user, peer_env: ALL, env, pass_env: ['REMOTE_PORT'] },
      { env: starter },
    );
    expect(named.environment).toMatchObject({ ...env, REMOTE_PORT: 'passed', REMOTE_ADDR: '127.0.0.1' });
    const all = await probeBy('stream', { ...user, peer_env: ALL, env, pass_env: 'ALL' }, { env: starter });
    const port = String(all.visit.localPort);
    expect(all.environment).toMatchObject({ ...env, REMOTE_PORT: port, REMOTE_ADDR: '127.0.0.1' });
    expect(all.environment['TCPREMOTEIP']).toBe('127.0.0.1');
  });

  test('has nothing of a session of the starter where the client has none of it', async () => {
    const starter = { REMOTE_ADDR: '203.0.113.1', TCPREMOTEIP: '203.0.113.1', LANG: 'C' };
    const attributes = { ...user, peer_env: ALL, pass_env: 'ALL' };
    const { environment } = await probeBy('unix stream', attributes, { env: starter });
    expect(environment).toMatchObject({ LANG: 'C', PROTO: 'UNIX' });
    expect(environment).not.toHaveProperty('REMOTE_ADDR');
    expect(environment).not.toHaveProperty('TCPREMOTEIP');
  });

  test('goes on telling after a reload, and tells what the new configuration says', async () => {
    const listen = 'tcp://127.0.0.1:0';
    const it = { ...user, listen, server: '/usr/bin/env', peer_env: ['cgi'] };
    const file = new ServicesFile({ it });
    const zinetd = await startZinetd({ config: file.config });
    const tell = async () => (await ask(zinetd.port('it'))).replace(/=\d+$/gm, '=N').split('\n').sort();
    expect(await tell()).toEqual(['', 'REMOTE_ADDR=127.0.0.1', 'REMOTE_PORT=N']);
    file.write({ it: { ...it, peer_env: ['xinetd'] } });
    zinetd.signal('SIGUSR2');
    await zinetd.event('reloaded');
    expect(await tell()).toEqual(['', 'REMOTE_HOST=127.0.0.1']);
  });
});

describeWith('the environment of a variant that a rule of hosts_access makes', { needs: ['root'] }, () => {
  test('tells of the client, but for what the rule sets itself', async () => {
    const directory = scratch('hosts');
    writeFileSync(join(directory, 'allow'), 'probe: ALL: setenv REMOTE_HOST of-the-rule\n');
    writeFileSync(join(directory, 'deny'), '');
    const hosts = { allow: join(directory, 'allow'), deny: join(directory, 'deny') };
    const attributes = { user: 'nobody', peer_env: ['xinetd', 'cgi'], hosts_access: hosts };
    const { environment } = await probeBy('stream', attributes);
    expect(environment).toMatchObject({ REMOTE_HOST: 'of-the-rule', REMOTE_ADDR: '127.0.0.1' });
  });
});
