import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const listen = 'tcp://127.0.0.1:0';
const NONE = '0000000000000000';
/** Of nobody else on this machine. */
const IDENT_HOST = '127.0.37.113';
const IDENT_PORT = 113;

function portIn(column: string | undefined): number {
  return Number.parseInt(column?.split(':')[1] ?? '', 16);
}

/** The inodes of the sockets between two ports: proc(5), /proc/net/tcp. */
function inodesBetween(local: number, remote: number): readonly string[] {
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, from, to, , , , , , , inode = '0'] = line.trim().split(/\s+/);
    return portIn(from) === local && portIn(to) === remote && inode !== '0' ? [inode] : [];
  });
}

function holds(pid: number, inodes: readonly string[]): boolean {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).some((fd) => {
    try {
      return inodes.includes(/^socket:\[(\d+)\]$/.exec(readlinkSync(`${directory}/${fd}`))?.[1] ?? '');
    } catch {
      return false;
    }
  });
}

/** Our own processes that have such a socket, and so could read what comes in by it. */
function holdersOf(zinetd: Zinetd, ports: { readonly local: number; readonly remote: number }) {
  const inodes = inodesBetween(ports.local, ports.remote);
  return [zinetd.pid, ...childrenOf(zinetd.pid)].filter((pid) => holds(pid, inodes));
}

function factsOf(pid: number, thread: string): Readonly<Record<string, string | undefined>> {
  const text = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim();
  const names = ['Uid', 'CapEff', 'CapPrm', 'CapInh', 'CapAmb', 'NoNewPrivs', 'Seccomp'];
  return Object.fromEntries(names.map((name) => [name, field(name)]));
}

/** That every thread of a process could do nothing with what it reads. */
function expectPowerless(pid: number): void {
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const facts = factsOf(pid, thread);
    expect(facts).toMatchObject({ CapEff: NONE, CapPrm: NONE, CapInh: NONE, CapAmb: NONE });
    expect(facts).toMatchObject({ NoNewPrivs: '1', Seccomp: '2' });
    expect(facts['Uid']?.split('\t')).not.toContain('0');
  }
}

async function expectPowerlessHolder(
  zinetd: Zinetd,
  ports: { readonly local: number; readonly remote: number },
  role: string,
): Promise<void> {
  const holders = await until(
    () => {
      const found = holdersOf(zinetd, ports);
      return found.length > 0 ? found : undefined;
    },
    { what: 'somebody has the connection' },
  );
  expect(holders.map((pid) => commandLineOf(pid).filter((word) => word.startsWith('--')))).toEqual([
    expect.arrayContaining([role]),
  ]);
  for (const pid of holders) expectPowerless(pid);
}

describeWith('what clients send to zinetd itself (S37)', { needs: ['root'] }, () => {
  /** Each of these is in the middle of something when it is looked at. */
  const OWN = {
    tcpmux: { service: { listen, builtin: 'tcpmux' }, say: 'half of a na' },
    echo: { service: { listen, builtin: 'echo' }, say: 'hello' },
    discard: { service: { listen, builtin: 'discard' }, say: 'hello' },
    ident: { service: { listen, builtin: 'ident' }, say: '1, ' },
  };

  test.each(Object.entries(OWN))(
    'is read by a process that is not root and has no capability: %s',
    async (_, { service, say }) => {
      const zinetd = await startZinetd({ config: { services: { it: service } } });
      const client: Client = await connect(zinetd.port('it'));
      client.send(say);
      const ports = { local: zinetd.port('it'), remote: client.localPort };
      await expectPowerlessHolder(zinetd, ports, '--dispatcher');
      client.socket.destroy();
    },
  );

  test('is read by such a process, too, when it is relayed: both ends', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const it = { listen, redirect: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const arrived = once(server, 'connection');
    const zinetd = await startZinetd({ config: { services: { it } } });
    const client = await connect(zinetd.port('it'));
    client.send('hello');
    const [relayed] = (await arrived) as [Socket];
    relayed.on('error', () => {});
    const ends = [
      { local: zinetd.port('it'), remote: client.localPort },
      { local: relayed.remotePort ?? 0, remote: relayed.localPort ?? 0 },
    ];
    for (const ports of ends) await expectPowerlessHolder(zinetd, ports, '--dispatcher');
    client.socket.destroy();
    relayed.destroy();
  });

  test('is the only thing that root is kept away from: of our processes the spawner alone is root', async () => {
    const user = 'nobody';
    const named = { listen, server: handler('sleeper'), user, only_from: ['.example', '127.0.0.1'] };
    const zinetd = await startZinetd({ config: { services: { named, mux: { listen, builtin: 'tcpmux' } } } });
    const own = await until(
      () => {
        const found = childrenOf(zinetd.pid);
        return found.length === 2 ? found : undefined;
      },
      { what: 'dispatcher and resolver run' },
    );
    for (const pid of own) expectPowerless(pid);
  });

  test('or to it as the answer of an ident server, is read by the resolver, which is not root either', async () => {
    const asked = new Promise<Socket>((done) => {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        done(socket);
      }).listen(IDENT_PORT, IDENT_HOST);
      onTestFinished(() => void server.close());
    });
    const it = { listen: 'tcp://0.0.0.0:0', server: handler('sleeper'), user: 'nobody', id_only: true };
    const zinetd = await startZinetd({ config: { services: { it } } });
    const client = await connect(zinetd.port('it'), { host: IDENT_HOST, from: IDENT_HOST });
    const question = await asked;
    await expectPowerlessHolder(
      zinetd,
      { local: question.remotePort ?? 0, remote: IDENT_PORT },
      '--resolver',
    );
    question.destroy();
    expect(await zinetd.event('refused')).toMatchObject({ service: 'it' });
    client.socket.destroy();
  });
});
