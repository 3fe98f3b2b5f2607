import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Client } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { type PoolStandIn, startWorker } from '../harness/pool-stand-in.ts';
import { nodeBinary } from '../harness/prepare-nodes.ts';
import { cpuSecondsWhileIdle } from './cpu-seconds-while-idle.ts';
import { told } from './serving.ts';

function start(options: Readonly<Record<string, unknown>> = {}): PoolStandIn {
  return startWorker([process.execPath, ...told(options)]);
}

async function tell(client: Client, line: string): Promise<string> {
  client.send(`${line}\n`);
  return client.readAll();
}

describe('a worker of a pool', () => {
  test('serves each connection with its own variables, and reports its end by its number', async () => {
    const worker = start();
    const [first, second] = [
      worker.connect(7, { REMOTE_ADDR: '192.0.2.7', REMOTE_PORT: '4711' }),
      worker.connect(8, { REMOTE_ADDR: '2001:db8::8', ODD: 'a=b' }),
    ];
    expect(await tell(second, 'variable ODD')).toBe('a=b\n');
    expect(await worker.report()).toEqual({ status: 0, id: '8' });
    expect(await tell(first, 'peer')).toBe('192.0.2.7 4711\n');
    expect(await worker.report()).toEqual({ status: 0, id: '7' });
    expect(await tell(worker.connect(9), 'variable ODD')).toBe('undefined\n');
    expect(await tell(worker.connect(10), 'id')).toBe('10\n');
    expect(worker.stderr).toBe('');
  });

  test('takes connections over TCP as well, and asks them for their peer where it is not told', async () => {
    const worker = start();
    const client = await worker.connectByTcp(1);
    expect(await tell(client, 'peer')).toBe(`127.0.0.1 ${client.localPort}\n`);
    expect(await worker.report()).toEqual({ status: 0, id: '1' });
  });

  test('reports a failure with 1 and one line for the log, and goes on with the others', async () => {
    const worker = start();
    const other = worker.connect(1);
    expect(await tell(worker.connect(2), 'throw on\u001b purpose')).toBe('');
    expect(await worker.report()).toEqual({ status: 1, id: '2' });
    expect(await tell(worker.connect(3), 'status 7')).toBe('');
    expect(await worker.report()).toEqual({ status: 7, id: '3' });
    expect(await tell(worker.connect(4), 'status 256')).toBe('');
    expect(await worker.report()).toEqual({ status: 1, id: '4' });
    expect(await tell(other, 'say still here')).toBe('still here\n');
    expect(await worker.report()).toEqual({ status: 0, id: '1' });
    expect(worker.stderr.replace(/ \(file:\S+\)/g, '')).toBe(
      'Cannot serve connection 2: TypeError: on\\x1b purpose\n' +
        'Cannot serve connection 4: RangeError: 256 is no exit status from 0 to 255\n',
    );
    expect(worker.stderr).toMatch(/purpose \(file:\/\/\S+told\.mjs:\d+:\d+\)$/m);
  });

  test('serves who is there to the end when no more will come, and ends with 0', async () => {
    const worker = start();
    const clients = [worker.connect(1), worker.connect(2)];
    expect(await tell(worker.connect(3), 'count')).toBe('3\n');
    await worker.report();
    worker.end();
    for (const client of clients) expect(await tell(client, 'say bye')).toBe('bye\n');
    expect([await worker.report(), await worker.report()].map(({ status }) => status)).toEqual([0, 0]);
    expect(await worker.ended).toBe(0);
  });

  test('serves who is there to the end when zinetd is gone, without a report that nobody reads', async () => {
    const worker = start();
    const client = worker.connect(1);
    expect(await tell(worker.connect(2), 'count')).toBe('2\n');
    worker.close();
    expect(await tell(client, 'say bye')).toBe('bye\n');
    expect(await worker.ended).toBe(0);
    expect(worker.stderr).toBe('');
  });

  test('leaves connections where they are while it has as many as it was told, and turns in no circle (promise 5)', async () => {
    const worker = start({ connections: 2 });
    const first = worker.connect(1);
    const second = await worker.connectByTcp(2);
    const [third, fourth] = [worker.connect(3), worker.connect(4)];
    third.send('count\n');
    second.send('hold\n');
    await second.readUntil('held\n');
    worker.close(); // its end is there to be read all the time now
    expect(await cpuSecondsWhileIdle(worker.pid)).toBeLessThan(0.06);
    expect(third.received.length).toBe(0);
    expect(await tell(first, 'count')).toBe('2\n');
    expect(await third.readAll()).toBe('2\n');
    expect(await tell(fourth, 'count')).toBe('2\n');
    second.reset();
    expect(await worker.ended).toBe(0);
  });

  test('gives a place free when the connection is reset, whatever its handler waits for', async () => {
    const worker = start({ connections: 1 });
    const client = await worker.connectByTcp(1);
    client.send('hang\n');
    await client.readUntil('held\n');
    const next = worker.connect(2);
    client.reset();
    expect(await tell(next, 'say hello')).toBe('hello\n');
    expect(await worker.report()).toMatchObject({ id: '1' });
    expect(await worker.report()).toEqual({ status: 0, id: '2' });
  });

  test('told to end, tells its handlers, who are no failure for it', async () => {
    const worker = start();
    const [holding, abiding] = [worker.connect(1), worker.connect(2)];
    holding.send('hold\n');
    abiding.send('abide\n');
    for (const client of [holding, abiding]) await client.readUntil('held\n');
    worker.signal('SIGTERM');
    expect(await holding.readAll()).toBe('held\ntold\n');
    expect(await abiding.readAll()).toBe('held\n');
    expect([await worker.report(), await worker.report()].map(({ status }) => status)).toEqual([0, 0]);
    expect(await worker.ended).toBe(0);
    expect(worker.stderr).toBe('');
  });

  test('lets a handler finish what it has to do after its connection has closed', async () => {
    const worker = start();
    const client = worker.connect(1);
    client.send('late\n');
    await client.readUntil('bye\n');
    worker.end();
    client.halfClose();
    expect(await worker.report()).toEqual({ status: 0, id: '1' });
    expect(await worker.ended).toBe(0);
    expect(worker.stderr).toBe('still there\n');
  });

  test('closes what it was given, and keeps the channel from programs that it starts (promise 2)', async () => {
    const worker = start();
    const count = (): number => readdirSync(`/proc/${worker.pid}/fd`).length;
    await tell(worker.connect(1), 'say hello');
    await worker.report();
    const before = count();
    for (let id = 2; id < 20; id++) {
      await tell(worker.connect(id), 'say hello');
      await worker.report();
    }
    expect(count()).toBe(before);
    const flags = execFileSync('cat', [`/proc/${worker.pid}/fdinfo/3`], { encoding: 'utf8' });
    expect(Number.parseInt(/flags:\s+([0-7]+)/.exec(flags)?.[1] ?? '0', 8) & 0o2000000).toBe(0o2000000);
  });
});

describeWith('a worker without room for a descriptor', { needs: [{ program: 'prlimit' }] }, () => {
  test('reports the connection as failed, and serves the next one', async () => {
    const worker = start();
    await tell(worker.connect(1), 'say hello');
    await worker.report();
    const limit = (most: number | string) =>
      execFileSync('prlimit', [`--pid=${worker.pid}`, `--nofile=${most}:4096`]);
    limit(4);
    expect(await worker.connect(2).ended()).toBe('end');
    expect(await worker.report()).toEqual({ status: 1, id: '2' });
    limit(4096);
    expect(await tell(worker.connect(3), 'say hello')).toBe('hello\n');
    expect(worker.stderr).toContain('Cannot serve connection 2: no descriptor came with it');
  });
});

describe.each([24, 26])('a worker of Node %i', (major) => {
  describeWith('that the tests have fetched', { needs: [{ node: major }] }, () => {
    test('finds the channel where zinetd has put it, and serves', async () => {
      const worker = startWorker([nodeBinary(major), ...told()]);
      const client = worker.connect(1);
      expect(await tell(client, 'descriptors')).toContain(',3 socket:');
      expect(await worker.report()).toEqual({ status: 0, id: '1' });
      worker.end();
      expect(await worker.ended).toBe(0);
    });
  });
});
