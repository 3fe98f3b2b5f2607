/**
 * What a blocklist costs the compiler: reading it and making its table, under the compiler's own limits.
 *   node --max-old-space-size=256 bench/verdict/compile-list.mjs [LINES]
 */
import { buildPrefixTable } from '../../dist/compile/prefix-table.js';
import { parseListFile } from '../../dist/config/list-file.js';
import { formatPrefix, prefixOf } from '../../dist/model/prefix.js';
import { randomKey } from './prefixes.mjs';
import { randomWords } from './random.mjs';

const lines = Number(process.argv[2] ?? 1_000_000);
const word = randomWords(lines);

/** Three of four lines IPv4, with host routes, networks, comments and a few ranges as in real lists. */
function randomLine(index) {
  const family = index % 4 === 3 ? 6 : 4;
  const key = randomKey(family, word);
  const lengths = family === 4 ? [32, 32, 32, 24, 24, 20] : [128, 64, 56, 48, 32];
  const prefix = formatPrefix(prefixOf(key, lengths[word() % lengths.length]));
  if (index % 100 === 0) return `${key.slice(0, 3).join('.')}.16-${key.slice(0, 3).join('.')}.99`;
  return index % 10 === 0 ? `${prefix} ; entry ${index}` : prefix;
}

const parts = [];
for (let from = 0; from < lines; from += 10_000) {
  const chunk = Array.from({ length: Math.min(10_000, lines - from) }, (_, index) =>
    randomLine(from + index),
  );
  parts.push(Buffer.from(`${chunk.join('\n')}\n`));
}
const bytes = Buffer.concat(parts);
parts.length = 0;

const before = process.cpuUsage();
const started = performance.now();
const { list, faultCount } = parseListFile(bytes);
const parsed = performance.now();
const table = buildPrefixTable(list);
const built = performance.now();
const { user, system } = process.cpuUsage(before);
const mebibytes = (count) => `${(count / 2 ** 20).toFixed(1)} MiB`;
const sizes = [table.v4.nodes, table.v4.entries, table.v6.nodes, table.v6.entries].map((it) => it.byteLength);
console.log(
  `${lines} lines, ${mebibytes(bytes.length)}, ${faultCount} faults: ` +
    `read in ${(parsed - started).toFixed(0)} ms, built in ${(built - parsed).toFixed(0)} ms, ` +
    `${((user + system) / 1e6).toFixed(2)} s of CPU; ${list.v4.count} IPv4 and ${list.v6.count} IPv6 prefixes; ` +
    `table ${mebibytes(sizes.reduce((sum, size) => sum + size, 0))}; ` +
    `heap ${mebibytes(process.memoryUsage().heapUsed)}, peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB resident`,
);
