import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot, unprivilegedUser } from '../harness/identity.ts';
import { childrenOf, commandLineOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const MOST_HEAP_MIB = 256;

/** One with a resolver, since a name may be asked for. */
async function serve(): Promise<{ readonly zinetd: Zinetd; readonly workers: readonly number[] }> {
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('echo'), only_from: ['good.example'] };
  const as = isRoot ? { as: unprivilegedUser() } : {};
  const zinetd = await startZinetd({ config: { services: { it } }, ...as });
  const workers = await until(
    () => (childrenOf(zinetd.pid).length >= 2 ? childrenOf(zinetd.pid) : undefined),
    { what: 'dispatcher and resolver run' },
  );
  return { zinetd, workers };
}

describeWith('the processes of a zinetd without root', { needs: ['an unprivileged user'] }, () => {
  test('dump no core, and whoever has their uid can neither trace them nor read their memory (S33, S40)', async () => {
    const { zinetd, workers } = await serve();
    for (const worker of workers) {
      const limits = readFileSync(`/proc/${worker}/limits`, 'utf8');
      expect(limits, commandLineOf(worker).join(' ')).toMatch(/^Max core file size +0 +0 /m);
    }
    // What the kernel does to a process that is not dumpable (proc(5)): its files are root's.
    const own = [zinetd.pid, zinetd.dispatcherPid ?? 0];
    expect(own.map((pid) => statSync(`/proc/${pid}/mem`).uid)).toEqual([0, 0]);
    expect(
      own.map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8').match(/^Uid:\t(\d+)/m)?.[1]),
    ).not.toContain('0');
  });

  test('have a bound to the memory of each, so that nothing can pile up in them (S135)', async () => {
    const { workers } = await serve();
    const heaps = workers.map((worker) => {
      const [, mib] = /--max-old-space-size=(\d+)/.exec(commandLineOf(worker).join(' ')) ?? [];
      return Number(mib);
    });
    expect(heaps.filter((mib) => !(mib > 0 && mib <= MOST_HEAP_MIB))).toEqual([]);
  });
});
