/**
 * What finding an address in a list costs, by the length of the list. Needs `npm run build` only:
 *   node bench/verdict/run.mjs [--rounds 15]
 */
import { parseArgs } from 'node:util';
import { findPrefix } from '../../dist/admission/find-prefix.js';
import { buildPrefixTable } from '../../dist/compile/prefix-table.js';
import { summarise } from '../lib/statistics.mjs';
import { randomCase } from './prefixes.mjs';
import { randomWords } from './random.mjs';

const COUNTS = [10, 10_000, 1_000_000];
/** In turns, so that no list has the caches to itself. */
const ADDRESSES = 65_536;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
  },
});

/** @param {4 | 6} family @param {number} count */
function prepare(family, count) {
  const { list, keys } = randomCase({
    family,
    count,
    addresses: ADDRESSES,
    word: randomWords(count + family),
  });
  const started = process.hrtime.bigint();
  const table = buildPrefixTable(list);
  const buildMs = Number(process.hrtime.bigint() - started) / 1e6;
  const trie = family === 4 ? table.v4 : table.v6;
  const bytes = trie.nodes.byteLength + trie.entries.byteLength;
  const flat = Uint8Array.from(keys.flatMap((key) => Array.from(key)));
  const key = new Uint8Array(family === 4 ? 4 : 16);
  return { family, count, flat, key, table, buildMs, bytes, samples: [], found: 0 };
}

/** The key is in the cache when it is looked up, as that of a peer just accepted is; the list is not. */
function measure(item) {
  const { flat, key, table } = item;
  const started = process.hrtime.bigint();
  let found = 0;
  for (let at = 0; at < flat.length; at += key.length) {
    for (let byte = 0; byte < key.length; byte++) key[byte] = flat[at + byte];
    if (findPrefix(table, key) !== undefined) found += 1;
  }
  item.samples.push(Number(process.hrtime.bigint() - started) / ADDRESSES);
  item.found = found;
}

const items = [4, 6].flatMap((family) => COUNTS.map((count) => prepare(family, count)));
for (const item of items) for (let warm = 0; warm < 3; warm++) measure(item);
for (const item of items) item.samples = [];
for (let round = 0; round < Number(values.rounds); round++) for (const item of items) measure(item);

console.log(`${values.rounds} rounds of ${ADDRESSES} addresses, Node ${process.version}`);
for (const family of [4, 6]) {
  const own = items.filter((item) => item.family === family);
  const base = summarise(own[0].samples).median;
  for (const item of own) {
    const { median, min, max } = summarise(item.samples);
    const hits = Math.round((100 * item.found) / ADDRESSES);
    console.log(
      `IPv${family} ${String(item.count).padStart(8)} prefixes: ${median.toFixed(1)} ns a look-up (${min.toFixed(1)} to ${max.toFixed(1)}), ` +
        `${hits} % hits, ratio ${(median / base).toFixed(2)}, built in ${item.buildMs.toFixed(0)} ms, ${(item.bytes / 2 ** 20).toFixed(1)} MiB`,
    );
  }
}
