import { describe, expect, inject, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { askTls } from '../harness/tls-client.ts';
import { Secured, warmUp } from '../integration/secured.ts';
import { installed, told } from './serving.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';

/** Starts it, and waits until its workers serve. */
async function start(
  program: readonly string[],
  service: { readonly pool: { readonly workers: number }; readonly [name: string]: unknown },
): Promise<Zinetd> {
  const [server, ...server_args] = program;
  const it = { ...user, listen, mode: 'extended', server, server_args, ...service };
  const zinetd = await startZinetd({ config: { services: { it } }, args: ['--grace', '2s'] });
  for (let count = 0; count < service.pool.workers; count++) await zinetd.event('worker-started');
  await zinetd.settled();
  return zinetd;
}

function startTold(pool: object, more: object = {}): Promise<Zinetd> {
  return start([inject('openNode'), ...told()], { pool: { workers: 1, ...pool }, ...more });
}

const EXAMPLES: Readonly<Record<string, () => readonly string[]>> = {
  'TypeScript or JavaScript': () => [inject('openNode'), installed('examples/pool/whoami.mjs')],
  Python: () => ['/usr/bin/python3', installed('examples/pool/whoami.py')],
  C: () => [handler('whoami')],
};

test.each(Object.keys(EXAMPLES))(
  'the example in %s serves one client after the other as a worker of a pool, and ends with 0',
  async (language) => {
    const zinetd = await start(EXAMPLES[language]?.() ?? [], { pool: { workers: 1 } });
    for (let count = 1; count <= 3; count++) {
      const answer = await ask(zinetd.port('it'));
      const { pid } = await zinetd.event('started');
      expect(answer).toBe(`You are 127.0.0.1, client ${count} of process ${pid}\n`);
      expect(await zinetd.event('exited')).toMatchObject({ pid, status: 0 });
    }
    await zinetd.stop();
    expect(zinetd.log.all.find(({ event }) => event === 'worker-exited')).toMatchObject({ status: 0 });
  },
);

/** Where a worker speaks is open in the dispatcher from its first word on, for as long as it lives. */
async function heard(zinetd: Zinetd): Promise<LogRecord> {
  const record = await zinetd.event('stderr');
  await zinetd.settled();
  return record;
}

describe('a worker of zinetd/handler', () => {
  test('serves many at once, each by its address and its number', async () => {
    const zinetd = await startTold({ max_connections_per_worker: 40 });
    const clients = await Promise.all(
      Array.from({ length: 40 }, (_, index) => connect(zinetd.port('it'), { from: `127.0.1.${index + 1}` })),
    );
    const [first, ...others] = clients;
    for (const client of others) client.send('peer\n');
    for (const [index, client] of others.entries()) {
      expect(await client.readAll()).toBe(`127.0.1.${index + 2} ${client.localPort}\n`);
    }
    first?.send('id\n');
    expect(await first?.readAll()).toMatch(/^\d+\n$/);
    for (let count = 0; count < 40; count++) {
      expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
    }
  });

  test('has the client and not the proxy for its peer', async () => {
    const zinetd = await startTold({}, { proxy_protocol: { from: ['127.0.0.1'] } });
    expect(await ask(zinetd.port('it'), 'PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\npeer\n')).toBe(
      '192.0.2.7 4711\n',
    );
    await zinetd.event('exited');
  });

  test('has the client for its peer also where zinetd speaks TLS with it', async () => {
    const { own, ca } = new Secured();
    const zinetd = await startTold({}, { tls: own });
    await warmUp(zinetd);
    expect(await askTls(zinetd.port('it'), 'peer\n', { ca, from: '127.0.0.9' })).toMatch(
      /^127\.0\.0\.9 \d+\n$/,
    );
    await zinetd.event('exited');
  });

  test('serves in a sandbox that leaves it what it needs, and no code of its own making', async () => {
    const program = [inject('openNode'), '--jitless', ...told()];
    const zinetd = await start(program, {
      pool: { workers: 1 },
      ...{ system_calls: ['@system-service'], restrict_address_families: ['AF_INET', 'AF_UNIX'] },
      ...{ restrict_namespaces: true, memory_deny_write_execute: true, private_network: isRoot },
    });
    expect(await ask(zinetd.port('it'), 'say hello\n')).toBe('hello\n');
    await zinetd.event('exited');
    await heard(zinetd);
  });

  test('has its failures in the log with their status, and serves on', async () => {
    const zinetd = await startTold({});
    expect(await ask(zinetd.port('it'), 'throw secret\n')).toBe('');
    expect(await zinetd.event('exited')).toMatchObject({ status: 1 });
    const { text } = await heard(zinetd);
    expect(text).toMatch(/^Cannot serve connection \d+: TypeError: secret \(file:\S+\)$/);
    expect(await ask(zinetd.port('it'), 'status 75\n')).toBe('');
    expect(await zinetd.event('exited')).toMatchObject({ status: 75 });
    expect(zinetd.log.count('worker-exited')).toBe(0);
  });

  test('is replaced without a gap, and every client is served', async () => {
    const zinetd = await startTold({ workers: 2, max_requests: 5 });
    for (let count = 0; count < 30; count++) {
      expect(await ask(zinetd.port('it'), 'say hello\n')).toBe('hello\n');
    }
    for (let count = 0; count < 30; count++) {
      expect(await zinetd.event('exited')).toMatchObject({ status: 0 });
    }
    for (let count = 0; count < 4; count++) {
      expect(await zinetd.event('worker-exited')).toMatchObject({ status: 0 });
    }
  });

  test('lets its handlers say good-bye when zinetd stops', async () => {
    const zinetd = await startTold({ max_connections_per_worker: 2 });
    const client = await connect(zinetd.port('it'));
    client.send('hold\n');
    await client.readUntil('held\n');
    await zinetd.stop();
    expect(await client.readAll()).toBe('held\ntold\n');
    expect(zinetd.log.all.find(({ event }) => event === 'exited')).toMatchObject({ status: 0 });
  });
});
