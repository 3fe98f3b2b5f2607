import { appendFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mutated } from './mutations.ts';
import { FUZZ_TARGETS } from './targets.ts';

const SECONDS = Number(process.env['ZINETD_FUZZ_SECONDS'] ?? 0) || 1.5;
/** Of its own time, not of a busy machine's. */
const MOST_CPU_MS = 1000;
const MOST_BYTES = 256 * 2 ** 20;
const MOST_OUTCOMES = 100_000;

/** To ZINETD_FUZZ_REPORT, if that is a file: a line of JSON for each target. */
function report(line: object): void {
  const path = process.env['ZINETD_FUZZ_REPORT'];
  if (path) appendFileSync(path, `${JSON.stringify(line)}\n`);
}

function cpuMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What is still held, and not what a busy machine has had no time to collect. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test.each(FUZZ_TARGETS)(
  '$name: nothing throws, takes a second, fills the memory or means something else ($entries)',
  (target) => {
    const outcomes = new Set<string>();
    const before = process.cpuUsage();
    const heldBefore = heldBytes();
    let [runs, slowestMs] = [0, 0];
    fc.assert(
      fc.property(mutated(target), (bytes) => {
        const start = process.cpuUsage();
        const outcome = target.run(bytes);
        const ms = cpuMs(start);
        if (outcomes.size < MOST_OUTCOMES) outcomes.add(outcome);
        slowestMs = Math.max(slowestMs, ms);
        runs++;
        if (ms >= MOST_CPU_MS) throw new Error(`It took ${Math.round(ms)} ms`);
      }),
      { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: SECONDS * 1000 },
    );
    const cpuSeconds = Math.round(cpuMs(before) / 1000);
    report({
      target: target.name,
      runs,
      cpuSeconds,
      outcomes: outcomes.size,
      slowestMs: Math.round(slowestMs),
    });
    expect(heldBytes() - heldBefore).toBeLessThan(MOST_BYTES);
    expect(outcomes.size).toBeGreaterThan(1);
  },
  SECONDS * 1000 + 60_000,
);
