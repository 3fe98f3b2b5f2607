import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { type Rpcbind, roomForRpcbind, startRpcbind } from '../harness/start-rpcbind.ts';
import { until } from '../harness/until.ts';
import { type ResolverRun, startResolver } from './start-resolver.ts';

const RESOLVER_UID = '61185';
const STALE_ADDRESS = '0.0.0.0.9.9';
const NAMES = ['100001.1 tcp', '100001.2 tcp'];
const MINE = { program: 100_001, low: 1, high: 2, netid: 'tcp', address: '0.0.0.0.3.0' };

async function start(): Promise<{ readonly run: ResolverRun; readonly rpcbind: Rpcbind }> {
  const run = await startResolver(roomForRpcbind());
  return { run, rpcbind: await startRpcbind(run.pid) };
}

/** Version 2, at another address, as somebody else. */
function setAs(uid: number, rpcbind: Rpcbind): void {
  const script = [
    'import os,socket,struct',
    `os.setuid(${uid})`,
    "s=socket.socket(socket.AF_UNIX); s.connect('/run/rpcbind.sock')",
    "t=lambda b: struct.pack('>I',len(b))+b+bytes(-len(b)%4)",
    `a=t(b'tcp')+t(b'${STALE_ADDRESS}')+t(b'')`,
    "m=struct.pack('>12I',7,0,2,100000,4,1,0,0,0,0,100001,2)+a",
    "s.sendall(struct.pack('>I',0x80000000|len(m))+m); s.recv(100)",
  ];
  expect(rpcbind.run(['python3', '-c', script.join('\n')]).status).toBe(0);
}

async function register(run: ResolverRun, more: object = {}): Promise<number> {
  const { answer } = await run.ask({ kind: 'register', registration: { ...MINE, ...more } });
  return answer as number;
}

describeWith(
  'the resolver and a real rpcbind',
  {
    needs: [
      'root',
      'a network namespace',
      'a mount namespace',
      { program: 'rpcbind' },
      { program: 'rpcinfo' },
    ],
  },
  () => {
    test('register each version as the uid of the resolver, over all transports, and undo it', async () => {
      const { run, rpcbind } = await start();
      const all = [
        MINE,
        { ...MINE, netid: 'udp' },
        { ...MINE, netid: 'tcp6', address: '::.3.0' },
        { ...MINE, netid: 'udp6', address: '2001:db8::1.255.254' },
      ];
      const ids: number[] = [];
      for (const registration of all) {
        ids.push(await register(run, registration));
        await run.event('rpc registered');
      }
      const expected = all.flatMap(({ program, netid, address }) =>
        [1, 2].map((version) => ({ program, version, netid, address, owner: RESOLVER_UID })),
      );
      expect(rpcbind.rows()).toEqual(expected);
      for (const registered of ids) {
        await run.ask({ kind: 'unregister', registered });
        await run.event('rpc gone');
      }
      expect(rpcbind.rows()).toEqual([]);
    });

    test('come together again when rpcbind was restarted, whether it remembers or not', async () => {
      const { run, rpcbind } = await start();
      await register(run);
      await run.event('rpc registered');
      await rpcbind.stop();
      const forgetful = await startRpcbind(run.pid);
      await until(() => forgetful.names().length === 2, { what: 'all is registered again' });
      forgetful.signal('SIGKILL');
      await forgetful.stop();
      const other = await startRpcbind(run.pid, ['-w']);
      await until(() => other.names().length === 2, { what: 'all is registered again' });
      expect(other.rows()?.map(({ owner }) => owner)).toEqual([RESOLVER_UID, RESOLVER_UID]);
    });

    test('hold on to what is registered when the resolver dies, and the next one can undo it', async () => {
      const { run, rpcbind } = await start();
      const registered = await register(run);
      await run.event('rpc registered');
      process.kill((await until(() => run.pidOf('--resolver'), { what: 'it runs' })) ?? 0, 'SIGKILL');
      await run.event('resolver');
      await run.event('rpc registered');
      expect(rpcbind.names()).toEqual(NAMES);
      await run.ask({ kind: 'unregister', registered });
      await run.event('rpc gone');
      expect(rpcbind.names()).toEqual([]);
    });

    test('do not take what root holds, and say so', async () => {
      const { run, rpcbind } = await start();
      setAs(0, rpcbind);
      const registered = await register(run);
      await run.event('rpc failed held superuser');
      await run.ask({ kind: 'unregister', registered });
      await run.event('rpc gone');
      expect(rpcbind.rows()).toMatchObject([{ version: 2, address: STALE_ADDRESS, owner: 'superuser' }]);
    });

    test('put right what a resolver of before has left behind', async () => {
      const { run, rpcbind } = await start();
      setAs(Number(RESOLVER_UID), rpcbind);
      expect(rpcbind.rows()).toMatchObject([{ version: 2, address: STALE_ADDRESS, owner: RESOLVER_UID }]);
      await register(run);
      await run.event('rpc registered');
      expect(rpcbind.rows()?.map(({ address }) => address)).toEqual([MINE.address, MINE.address]);
    });

    test('meet on loopback where the socket is missing', async () => {
      const { run, rpcbind } = await start();
      rmSync(`/proc/${run.pid}/root/run/rpcbind.sock`);
      const registered = await register(run);
      await run.event('rpc registered');
      await run.ask({ kind: 'unregister', registered });
      await run.event('rpc gone');
      expect(rpcbind.run(['test', '-e', '/run/rpcbind.sock']).status).toBe(1);
    });

    test('an rpcbind that is stopped keeps nobody for more than the deadline', async () => {
      const { run, rpcbind } = await start();
      const registered = await register(run);
      await run.event('rpc registered');
      rpcbind.signal('SIGSTOP');
      const { ms } = await run.ask({ kind: 'unregister', registered });
      await run.event('rpc left unreachable ETIMEDOUT');
      expect(ms).toBeLessThan(500);
      rpcbind.signal('SIGCONT');
    });

    test('waits for an rpcbind that comes later', async () => {
      const run = await startResolver(roomForRpcbind());
      await register(run);
      await run.event('rpc failed unreachable ENOENT');
      const rpcbind = await startRpcbind(run.pid);
      await run.event('rpc registered');
      expect(rpcbind.names()).toEqual(NAMES);
    });
  },
);
