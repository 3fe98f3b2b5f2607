import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { loadgen } from '../harness/loadgen.ts';
import { statusOf } from '../harness/processes.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const MIB = 1024 * 1024;
const EATERS = scaled({ short: 4, long: 40 });
const SECONDS = scaled({ short: 3, long: 30 });
/** What V8 wants of addresses is far more than it uses. */
const CAGE_MIB = 64;

function tell(figure: string, value: number, bar: string): void {
  record({ fault: 'F17', figure, value, bar });
}

function pageTableMib(pid: number | undefined, field: string): number {
  return Number.parseInt(statusOf(pid ?? 0, field) ?? '', 10) / 1024;
}

/** Of the kernel: the higher, the sooner it is ended for want of memory. */
function badnessOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/oom_score`, 'utf8'));
}

describe('handlers that take all the memory that there is', () => {
  test('meet the limit of their service and die of it, and nobody else notices (F17, S87)', async () => {
    const eater = {
      ...{ listen, server: '/usr/bin/python3', instances: EATERS, per_source: 'UNLIMITED' },
      server_args: ['-c', 'import sys; sys.stdin.readline(); x = bytearray(1 << 40)'],
      ...{ rlimits: { as: '200m' }, ...user },
    };
    const quick = { listen, server: handler('raw'), ...user };
    const zinetd = await startZinetd({ config: { services: { eater, quick } } });
    const pids = [zinetd.pid, zinetd.dispatcherPid];
    const clients = await Promise.all(Array.from({ length: EATERS }, () => connect(zinetd.port('eater'))));
    for (const client of clients) client.send('eat\n');
    for (const client of clients) {
      await client.ended();
      const { status, signal } = await zinetd.event((it) => it.event === 'exited' && it.service === 'eater');
      expect(status !== 0 || signal !== undefined).toBe(true);
    }
    expect(await visit(zinetd.port('quick'))).toMatchObject({ code: undefined, received: 'ok\n' });
    expect([zinetd.pid, zinetd.dispatcherPid]).toEqual(pids);
    tell('handlers that ate memory, and died of it', EATERS, 'all');
    tell('processes of zinetd that died with them', 0, '0');
  }, 60_000);

  test('are what the kernel would end first, before any process of zinetd (F17)', async () => {
    const eater = {
      ...{ listen, server: '/usr/bin/python3', ...user },
      server_args: [
        '-c',
        `import sys; x = bytearray(b'x' * ${400 * MIB}); print(len(x), flush=True); sys.stdin.readline()`,
      ],
    };
    const zinetd = await startZinetd({ config: { services: { eater } } });
    const client = await connect(zinetd.port('eater'));
    await client.readUntil('\n');
    const { pid = 0 } = await zinetd.event('started');
    const [own, other] = [
      Math.max(badnessOf(zinetd.pid), badnessOf(zinetd.dispatcherPid ?? 0)),
      badnessOf(pid),
    ];
    tell('oom_score of a handler with 400 MiB', other, 'more than those of zinetd');
    tell(
      'oom_score of the dispatcher or spawner',
      own,
      'less; by their size alone: oom_score_adj is that of who starts zinetd',
    );
    expect(other).toBeGreaterThan(own);
    client.halfClose();
    await client.ended();
  }, 60_000);
});

describeWith('a dispatcher that gets no more memory', { needs: ['root', { program: 'prlimit' }] }, () => {
  test('serves with what it has, or is replaced, and no handler and no client that waits is lost (F17, S129)', async () => {
    const services = {
      held: { listen, server: handler('echo'), ...user },
      quick: { listen, server: handler('raw'), instances: 500, per_source: 'UNLIMITED', ...user },
    };
    const zinetd = await startZinetd({ config: { services }, lossy: true });
    const client = await connect(zinetd.port('held'));
    client.send('before ');
    await client.readUntil('before ');
    const pid = zinetd.dispatcherPid ?? 0;
    const bytes = Math.round(pageTableMib(pid, 'VmSize') * MIB);
    const [uid] = (statusOf(pid, 'Uid') ?? '').split('\t');
    const [gid] = (statusOf(pid, 'Gid') ?? '').split('\t');
    const identity = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
    execFileSync('setpriv', [...identity, 'prlimit', '--pid', String(pid), `--as=${bytes}:`]);
    const { total, errors } = await loadgen(zinetd.port('quick'), { inFlight: 16, seconds: SECONDS });
    const lost = errors.reset + errors.noData;
    expect(errors).toMatchObject({ refused: 0, timeout: 0, wrongData: 0, other: 0 });
    const deaths = zinetd.log.count('dispatcher-restarted');
    expect(lost).toBeLessThanOrEqual(16 * deaths);
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
    expect(await ask(zinetd.port('quick'))).toBe('ok\n');
    tell('no more addresses (prlimit --as): clients served', total, '');
    tell('no more addresses: dispatchers that died of it', deaths, '');
    tell('no more addresses: clients lost', lost, 'at most those in its hands');
  }, 120_000);

  test(`has a heap that is capped, and under load stays far below it (F17, B1)`, async () => {
    const quick = { listen, server: handler('raw'), instances: 500, per_source: 'UNLIMITED', ...user };
    const zinetd = await startZinetd({ config: { services: { quick } }, lossy: true });
    const pid = zinetd.dispatcherPid ?? 0;
    const before = pageTableMib(pid, 'VmRSS');
    await loadgen(zinetd.port('quick'), { inFlight: 64, seconds: SECONDS });
    const growth = pageTableMib(pid, 'VmRSS') - before;
    tell(
      'growth of the dispatcher under load, MiB',
      rounded(growth),
      `less than ${CAGE_MIB}, the heap of the plan`,
    );
    expect(zinetd.dispatcherPid).toBe(pid);
    expect(growth).toBeLessThan(CAGE_MIB);
  }, 120_000);
});
