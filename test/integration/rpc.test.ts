import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { unprivilegedUser } from '../harness/identity.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { program } from '../harness/program.ts';
import { scratch } from '../harness/scratch.ts';
import { besideRpcbind, type Rpcbind, startRpcbind } from '../harness/start-rpcbind.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { until } from '../harness/until.ts';

const NUMBER = 100_002;
const NAMES = ['100002.2 tcp', '100002.2 tcp6', '100002.3 tcp', '100002.3 tcp6'];
const users = {
  ...{ listen: 'tcp://*:0', server: handler('rpc-null'), user: 'nobody' },
  rpc: { program: 'rusersd', versions: '2-3' },
};

function start(options: Partial<StartOptions> = {}): Promise<Zinetd> {
  return startZinetd({ config: { services: { users } }, prefix: besideRpcbind(), ...options });
}

async function registered(zinetd: Zinetd, netids: readonly string[] = ['tcp', 'tcp6']): Promise<void> {
  for (const netid of netids)
    await zinetd.event((it) => it.event === 'rpc-registered' && it['netid'] === netid);
}

/** Both, and the service is registered. */
async function startBoth(
  options: Partial<StartOptions> = {},
): Promise<{ readonly zinetd: Zinetd; readonly rpcbind: Rpcbind }> {
  const zinetd = await start(options);
  const rpcbind = await startRpcbind(zinetd.pid);
  await registered(zinetd);
  return { zinetd, rpcbind };
}

function hasResolver(zinetd: Zinetd): boolean {
  return childrenOf(zinetd.pid).some((pid) => commandLineOf(pid).includes('--resolver'));
}

/** Why rpcbind may hold what zinetd took back. */
function notUndone(zinetd: Zinetd): readonly string[] {
  const left = zinetd.log.all.filter(
    ({ event, action }) => event === 'rpc-failed' && action === 'unregister',
  );
  return left.map(({ reason, error }) => `${reason} ${error}`);
}

/** What rpcinfo says to a call of the program where rpcbind says it is. */
function call(rpcbind: Rpcbind, netid: string, host: string): string {
  const { stdout } = rpcbind.run([program('rpcinfo') ?? '', '-T', netid, host, String(NUMBER), '2']);
  return stdout.trim();
}

describeWith(
  'a service that is registered with rpcbind',
  {
    needs: [
      ...(['root', 'a network namespace', 'a mount namespace'] as const),
      ...['rpcbind', 'rpcinfo', 'strace', 'python3'].map((name) => ({ program: name })),
    ],
  },
  () => {
    test('is found by clients over IPv4 and IPv6, until zinetd stops (FEATURES 11.8)', async () => {
      const { zinetd, rpcbind } = await startBoth();
      expect(rpcbind.names()).toEqual(NAMES);
      const ready = `program ${NUMBER} version 2 ready and waiting`;
      expect(call(rpcbind, 'tcp', '127.0.0.1')).toBe(ready);
      expect(call(rpcbind, 'tcp6', '::1')).toBe(ready);
      await zinetd.checkBars();
      await zinetd.stop();
      expect(rpcbind.rows()).toEqual([]);
      expect(notUndone(zinetd)).toEqual([]);
    });

    test('on one socket for both families is found over both', async () => {
      const both = { ...users, listen: 'tcp46://*:0' };
      const { rpcbind } = await startBoth({ config: { services: { both } } });
      const ports = rpcbind.rows()?.map(({ address }) => address.replace(/^(0\.0\.0\.0|::)\./, ''));
      expect(new Set(ports).size).toBe(1);
      expect(call(rpcbind, 'tcp', '127.0.0.1')).toContain('ready and waiting');
      expect(call(rpcbind, 'tcp6', '::1')).toContain('ready and waiting');
    });

    test('is told as one that cannot be, once, while there is no rpcbind, and then is', async () => {
      const zinetd = await start();
      for (const netid of ['tcp', 'tcp6']) {
        const { error } = await zinetd.event((it) => it.event === 'rpc-failed' && it['netid'] === netid);
        expect(error).toBe('ENOENT');
      }
      const rpcbind = await startRpcbind(zinetd.pid);
      await registered(zinetd);
      expect(rpcbind.names()).toEqual(NAMES);
      expect(zinetd.log.count('rpc-failed')).toBe(2);
    });

    test('is registered again with a new rpcbind', async () => {
      const { zinetd, rpcbind } = await startBoth();
      rpcbind.signal('SIGKILL');
      await rpcbind.stop();
      const next = await startRpcbind(zinetd.pid);
      await until(() => next.names().length === NAMES.length, { what: 'it is registered again' });
      expect(next.names()).toEqual(NAMES);
    });

    test('stays registered while the dispatcher is another one: its sockets stay, too', async () => {
      const { zinetd, rpcbind } = await startBoth({ lossy: true });
      const before = rpcbind.rows();
      process.kill(zinetd.dispatcherPid ?? 0, 'SIGKILL');
      await zinetd.event('dispatcher-restarted');
      expect(rpcbind.rows()).toEqual(before);
      await registered(zinetd);
      expect(rpcbind.rows()).toEqual(before);
      await zinetd.stop();
      expect(rpcbind.rows()).toEqual([]);
    });

    test('comes and goes with its attribute, and with it the resolver', async () => {
      const path = join(scratch('included'), 'users.yaml');
      const write = (changes: object) =>
        writeFileSync(path, JSON.stringify({ services: { users: { ...users, ...changes } } }));
      write({});
      const { zinetd, rpcbind } = await startBoth({ config: { include: [path] } });
      write({ rpc: { program: NUMBER, versions: '3-4' } });
      zinetd.signal('SIGHUP');
      await registered(zinetd);
      expect(rpcbind.names()).toEqual(NAMES.map((name) => name.replace('.3', '.4').replace('.2', '.3')));
      write({ rpc: undefined });
      zinetd.signal('SIGHUP');
      await until(() => !hasResolver(zinetd), { what: 'the resolver is gone' });
      expect(rpcbind.rows()).toEqual([]);
      write({});
      zinetd.signal('SIGHUP');
      await registered(zinetd);
      expect(rpcbind.names()).toEqual(NAMES);
      expect(zinetd.log.count('resolver-restarted')).toBe(0);
    });

    test('does not keep zinetd from stopping when rpcbind does not answer', async () => {
      const { zinetd, rpcbind } = await startBoth();
      rpcbind.signal('SIGSTOP');
      const begun = performance.now();
      await zinetd.stop();
      rpcbind.signal('SIGCONT');
      expect(performance.now() - begun).toBeLessThan(4000);
      expect(notUndone(zinetd)).toEqual(['unreachable ETIMEDOUT', 'unreachable ETIMEDOUT']);
    });

    test('is undone before zinetd is gone, also when a handler starts and ends meanwhile', async () => {
      const { zinetd, rpcbind } = await startBoth();
      const inject = 'inject=execve:delay_enter=500000';
      const exec = ['-f', '-P', handler('rpc-null'), '-e', 'trace=execve', '-e', inject];
      const { length } = childrenOf(zinetd.pid);
      await attachStrace(zinetd.pid, exec);
      const connect = `import socket; socket.create_connection(('127.0.0.1', ${zinetd.port('users')}))`;
      expect(rpcbind.run(['python3', '-c', connect]).status).toBe(0);
      await until(() => childrenOf(zinetd.pid).length > length, { what: 'the handler is about to run' });
      rpcbind.signal('SIGSTOP');
      await zinetd.stop();
      rpcbind.signal('SIGCONT');
      expect(zinetd.log.count('started')).toBe(1);
      expect(notUndone(zinetd)).toEqual(['unreachable ETIMEDOUT', 'unreachable ETIMEDOUT']);
    });

    test('needs no root', async () => {
      const as = unprivilegedUser();
      const { user: _, ...mine } = users;
      const { zinetd, rpcbind } = await startBoth({ config: { services: { mine } }, ...(as ? { as } : {}) });
      expect(new Set(rpcbind.rows()?.map(({ owner }) => owner))).toEqual(new Set([String(as?.uid)]));
      await zinetd.stop();
      expect(rpcbind.rows()).toEqual([]);
    });
  },
);
