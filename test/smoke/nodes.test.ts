import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { makePair } from '../harness/certificates.ts';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { NODE_MAJORS, nodeBinary } from '../harness/prepare-nodes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { askTls, connectTls, readAll } from '../harness/tls-client.ts';
import { until } from '../harness/until.ts';
import { openDescriptors } from '../integration/open-descriptors.ts';

/** As examples/quickstart.yaml does it, on ports of the kernel's choice. */
const config = {
  defaults: { ...(isRoot ? { user: 'nobody' } : {}), instances: 20 },
  services: {
    echo: { listen: 'tcp://127.0.0.1:0', server: '/bin/cat' },
    whoami: { listen: 'tcp://127.0.0.1:0', server: handler('probe') },
  },
};

function socketsOf(zinetd: Zinetd): number {
  const open = openDescriptors(zinetd.dispatcherPid ?? 0);
  return open.filter(({ target }) => target.startsWith('socket:')).length;
}

const RUNTIMES = [
  { title: 'the installed Node', node: process.execPath, needs: [] },
  ...NODE_MAJORS.map((major) => ({
    title: `Node ${major}`,
    node: nodeBinary(major),
    needs: [{ node: major }],
  })),
];

for (const { title, node, needs } of RUNTIMES) {
  describeWith(`zinetd on ${title}`, { needs }, () => {
    test('starts, serves and stops (promise 2, promise 7)', async () => {
      const zinetd = await startZinetd({ node, config });
      expect(zinetd.stderr).not.toMatch(/error/i);
      expect(await ask(zinetd.port('echo'), 'hello\n')).toBe('hello\n');
      expect(await zinetd.event('exited')).toMatchObject({ service: 'echo', status: 0 });
      const seen = JSON.parse(await ask(zinetd.port('whoami')));
      expect(
        seen.fds.map(({ fd, nonBlocking }: { fd: number; nonBlocking: boolean }) => [fd, nonBlocking]),
      ).toEqual([
        [0, false],
        [1, false],
        [2, false],
      ]);
    });

    test('the dispatcher is sandboxed from its first thread to its last (promise 1)', async () => {
      const zinetd = await startZinetd({ node, config });
      const tasks = `/proc/${zinetd.dispatcherPid}/task`;
      const text = execFileSync('sh', ['-c', `cat ${tasks}/*/status`], { encoding: 'utf8' });
      const valuesOf = (field: string) => [...new Set(text.match(new RegExp(`^${field}:.*$`, 'gm')))];
      expect(text.match(/^Pid:/gm)?.length).toBeGreaterThan(3);
      expect(valuesOf('Seccomp')).toEqual(['Seccomp:\t2']);
      expect(valuesOf('NoNewPrivs')).toEqual(['NoNewPrivs:\t1']);
      expect(valuesOf('CapEff')).toEqual(['CapEff:\t0000000000000000']);
    });

    test('what TLS takes from Node beside what is documented is there', async () => {
      const directory = scratch('tls');
      const authority = makePair(directory, { name: 'authority' });
      const pair = (name: string, by = authority) => makePair(directory, { name, by });
      const clients = { client: 'optional', client_ca: authority.certificate };
      const it = {
        listen: 'tcp://127.0.0.1:0',
        builtin: 'discard',
        tls: { ...pair('localhost'), ...clients },
      };
      const tls = { ...pair('a.example'), ...clients, clients: ['CN=alice,O=Test'] };
      const a = { listen: 'sni://it/a.example', builtin: 'echo', tls };
      const zinetd = await startZinetd({ node, config: { services: { it, a } } });
      const options = { ca: authority.certificate, servername: 'a.example', maxVersion: 'TLSv1.2' } as const;
      const alice = pair('alice');
      const shown = { cert: alice.certificate, key: alice.key };
      const before = socketsOf(zinetd);
      const client = await connectTls(zinetd.port('it'), { ...options, ...shown });
      const session = client.getSession();
      client.end('hello');
      expect(await readAll(client)).toBe('hello');
      await zinetd.event('exited');
      // Node keeps something open from its first handshake on; the connection itself is to be gone.
      await until(() => socketsOf(zinetd) === before, { what: 'the first connection is let go of' });
      await zinetd.settled();
      expect(await askTls(zinetd.port('it'), 'again', { ...options, ...(session && { session }) })).toBe(
        'again',
      );
      const forged = makePair(directory, { name: 'alice', by: makePair(directory, { name: 'stranger' }) });
      const fake = { cert: forged.certificate, key: forged.key };
      expect(await askTls(zinetd.port('it'), 'x', { ...options, ...fake }).catch(() => '')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ reason: 'tls' });
    });
  });
}
