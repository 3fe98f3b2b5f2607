import { randomFillSync } from 'node:crypto';
import { nextArrival, rateLimit, retryAfterMs } from '../../dist/admission/gcra.js';
import { keyedHash } from '../../dist/admission/keyed-hash.js';
import { DEFAULT_SOURCE_PREFIXES, sourceKeyWriter } from '../../dist/admission/source-key.js';
import { SourceTable } from '../../dist/admission/source-table.js';
import { describeHost, foreignShare } from '../lib/host.mjs';
import { summarise } from '../lib/statistics.mjs';

/**
 * What the source table costs a connection, by how many distinct sources came before. The verdict: key, look-up and
 * rate. All: that, insertion with eviction, charge, reservation and release. Run `npm run build` first.
 */
const SEEN = [1_000, 100_000, 2_000_000];
const CAPACITIES = [65_536, 2_097_152];
const OPERATIONS = 500_000;
const ROUNDS = 5;
const SERVICE = 7;

const limit = rateLimit({ count: 10, perMs: 1000, burst: 20 });
const writeKey = sourceKeyWriter(DEFAULT_SOURCE_PREFIXES);

/**
 * A table that has seen so many sources, at 100,000 a second.
 * @param {number} capacity
 * @param {number} seen
 */
function prepare(capacity, seen) {
  const table = new SourceTable({ capacity, hash: keyedHash(randomFillSync(new Uint32Array(2))) });
  const key = new Uint32Array(4);
  const address = new Uint8Array(4);
  const view = new DataView(address.buffer);
  let now = 1000;
  /** @param {number} number */
  const decide = (number) => {
    now += 0.01;
    view.setUint32(0, 0x0a00_0000 + number);
    writeKey(address, key);
    return retryAfterMs(limit, { arrival: table.arrival(table.find(key, SERVICE)), now }) === 0;
  };
  /** @param {number} number */
  const connect = (number) => {
    if (!decide(number)) return;
    const slot = table.findOrInsert(key, { scope: SERVICE, now });
    table.charge(slot, nextArrival(limit, { arrival: table.arrival(slot), now }));
    table.release(table.reserve(slot));
  };
  for (let number = 0; number < seen; number++) connect(number);
  return { table, decide, connect };
}

/**
 * Nanoseconds for each of many connections, from sources in no order.
 * @param {(number: number) => unknown} act
 * @param {number} seen
 */
function measure(act, seen) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    let state = 1;
    const started = performance.now();
    for (let operation = 0; operation < OPERATIONS; operation++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      act(Math.floor((state / 2 ** 32) * seen));
    }
    return ((performance.now() - started) * 1e6) / OPERATIONS;
  });
  return summarise(rounds).median;
}

/** @param {number} capacity */
function mebibytes(capacity) {
  const before = process.memoryUsage().arrayBuffers;
  const table = new SourceTable({ capacity, hash: keyedHash(new Uint32Array(2)) });
  return ((process.memoryUsage().arrayBuffers - before) / 2 ** 20 / (table.capacity / capacity)).toFixed(1);
}

process.stdout.write(
  `${describeHost(await foreignShare())}. ${OPERATIONS} connections, ${ROUNDS} rounds.\n\n`,
);
process.stdout.write(
  '| capacity | MiB | sources seen | verdict ns | ratio | all ns | ratio | forgotten early |\n',
);
process.stdout.write('|---:|---:|---:|---:|---:|---:|---:|---:|\n');
for (const capacity of CAPACITIES) {
  const size = mebibytes(capacity);
  const first = { verdict: 0, all: 0 };
  for (const seen of SEEN) {
    const { table, decide, connect } = prepare(capacity, seen);
    const [verdict, all] = [measure(decide, seen), measure(connect, seen)];
    first.verdict ||= verdict;
    first.all ||= all;
    const ratios = [(verdict / first.verdict).toFixed(2), (all / first.all).toFixed(2)];
    const row = [
      capacity,
      size,
      seen,
      verdict.toFixed(0),
      ratios[0],
      all.toFixed(0),
      ratios[1],
      table.evicted,
    ];
    process.stdout.write(`| ${row.join(' | ')} |\n`);
  }
}
