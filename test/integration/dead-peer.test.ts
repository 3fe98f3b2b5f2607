import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { crowd } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const SERVER = '10.77.0.1';
const CLIENT = '10.77.0.2';
const PORT = 7081;
const MINUTE_MS = 60_000;
const MOST_BACKLOG = 4096;
const CROWD = 4000;

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' });
}

function makeNamespace(name: string): string {
  run('ip', 'netns', 'add', name);
  onTestFinished(() => {
    run('ip', 'netns', 'del', name);
  });
  return name;
}

/** Two namespaces with a cable between them; gone when the test is over. */
function layCable(): { readonly server: string; readonly client: string } {
  const server = makeNamespace(`zt-server-${process.pid}`);
  const client = makeNamespace(`zt-client-${process.pid}`);
  run('ip', '-n', server, 'link', 'add', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', client);
  for (const [name, address] of Object.entries({ [server]: SERVER, [client]: CLIENT })) {
    run('ip', '-n', name, 'addr', 'add', `${address}/24`, 'dev', 'cable');
    run('ip', '-n', name, 'link', 'set', 'cable', 'up');
  }
  return { server, client };
}

function pullCable({ client }: { readonly client: string }): void {
  run('ip', '-n', client, 'link', 'set', 'cable', 'down');
}

describeWith('a client that goes with its network', { needs: ['a network namespace'] }, () => {
  const keepalive = { keepalive: { idle: '1s', interval: '1s', count: 2 } };
  const idle = { idle_timeout: '3s' };

  test.each([
    ['says nothing more', 'echo', keepalive],
    ['takes nothing more of what it is sent', 'writer', keepalive],
    ['says nothing more for as long as it may be idle', 'echo', idle],
    ['takes nothing more for as long as it may be idle', 'writer', idle],
  ])('and %s frees its place (S81, promise 5)', async (_title, server, limit) => {
    const cable = layCable();
    const it = {
      listen: `tcp://${SERVER}:${PORT}`,
      server: handler(server),
      instances: 1,
      ...limit,
      ...user,
    };
    const prefix = ['ip', 'netns', 'exec', cable.server];
    const zinetd = await startZinetd({ config: { services: { it } }, prefix });
    const talk = `exec 3<>/dev/tcp/${SERVER}/${PORT}; echo hello >&3; exec sleep 60`;
    const client = spawn('ip', ['netns', 'exec', cable.client, 'bash', '-c', talk], { stdio: 'ignore' });
    onTestFinished(() => {
      client.kill('SIGKILL');
    });
    await zinetd.event('started');
    expect(zinetd.log.count('exited')).toBe(0);
    pullCable(cable);
    await zinetd.event('exited');
  });
});

describe('the backlog of a listener', () => {
  function socketOf(port: number): { readonly waiting: number; readonly backlog: number } {
    const [, waiting, backlog] = run('ss', '-Hltn', `sport = :${port}`).trim().split(/\s+/);
    return { waiting: Number(waiting), backlog: Number(backlog) };
  }

  test(
    `is ${MOST_BACKLOG} where the kernel lets it, and ${CROWD} clients at once wait in it for a dispatcher that is late (S82)`,
    async () => {
      const limits = { instances: 'UNLIMITED', per_source: 'UNLIMITED' };
      const it = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...limits, ...user };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const port = zinetd.port('it');
      const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
      expect(socketOf(port).backlog).toBe(Math.min(MOST_BACKLOG, most));
      const { dispatcherPid = 0 } = zinetd;
      process.kill(dispatcherPid, 'SIGSTOP');
      onTestFinished(() => {
        process.kill(dispatcherPid, 'SIGCONT');
      });
      const count = Math.min(CROWD, most);
      const visits = crowd(port, { count, inFlight: count });
      await until(() => socketOf(port).waiting >= count, { what: 'all of them wait' });
      process.kill(dispatcherPid, 'SIGCONT');
      const others = (await visits).filter(({ received }) => received !== 'ok\n');
      expect(others).toEqual([]);
      // The log of thousands in a moment comes by and by; a stop would cut it off.
      await until(() => zinetd.log.count('exited') === count, { what: 'all of them are told of' });
    },
    MINUTE_MS,
  );
});
