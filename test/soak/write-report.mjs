import { readFileSync, writeFileSync } from 'node:fs';
import { insertBetweenMarks } from '../../bench/lib/insert-between-marks.mjs';

/** Puts the figures that a soak has left in a file into docs/reliability.md. */
const PAGE = 'docs/reliability.md';

/** @param {number} value */
const round = (value) => Math.round(value).toLocaleString('en');

/** @param {Record<string, number>} counts */
const listOf = (counts) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

/** @param {any} report */
function processRows({ first, last, trends }) {
  return ['spawner', 'dispatcher', 'resolver'].map((name) => {
    const [from, to, trend] = [first.processes[name], last.processes[name], trends[name]];
    const cells = [from.rssKib, to.rssKib, trend.rssKib, from.pssKib, to.pssKib, trend.pssKib].map(round);
    return `| ${[name, ...cells, `${from.descriptors}, ${to.descriptors}`].join(' | ')} |`;
  });
}

/** @param {any} report */
function slabLine({ first, last, trends }) {
  const names = ['SUnreclaim, KiB', 'dentry', 'filp', 'sock_inode_cache', 'task_struct'].filter(
    (name) => first.slab[name] !== undefined,
  );
  return names
    .map(
      (name) =>
        `${name} ${round(first.slab[name])} → ${round(last.slab[name])} (${round(trends.slab[name])})`,
    )
    .join(', ');
}

/** @param {any} report */
function render(report) {
  const { seconds, connections, reloads, killed, sights, violations, delays, mostOpen } = report;
  const seen = Object.values(sights).flatMap((row) => Object.entries(row));
  /** @param {string} sight */
  const count = (sight) => seen.reduce((sum, [name, value]) => sum + (name === sight ? value : 0), 0);
  const refused = Object.values(sights.refused ?? {}).reduce((sum, value) => sum + value, 0);
  const p99 = Math.max(...delays.map((/** @type {any} */ { p99Ms }) => p99Ms));
  const middle = delays
    .map((/** @type {any} */ { p99Ms }) => p99Ms)
    .sort((/** @type {number} */ a, /** @type {number} */ b) => a - b)[delays.length >> 1];
  return [
    `${report.isWhole ? '' : '**Not over yet.** '}${round(seconds)} s, ${round(connections)} connections (${round(connections / seconds)} a second, ${mostOpen} at once at the most), on a machine that had other work. Reloads: ${listOf(reloads)}. Killed: ${listOf(killed)}.`,
    `Served: ${round(count('served'))}. Refused, as they were to be: ${round(refused)}. Cut off by a handler that was killed: ${round(count('cut') - refused)}. Not connected: ${count('unconnected')}.`,
    violations.length === 0
      ? 'B1 and B2 held exactly at each of the looks, and at the end.'
      : `**${violations.length} violations:**\n\n${violations.map((/** @type {string} */ each) => `- ${each}`).join('\n')}`,
    [
      '| process | RSS at first, KiB | at last | slope, KiB per 10^6 connections | PSS at first | at last | slope | descriptors at first, at last |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      ...processRows(report),
    ].join('\n'),
    `Kernel objects of the whole machine, at first → at last (slope per 10^6 connections): ${slabLine(report)}.`,
    `Event loop of the dispatcher, p99 of each look: ${middle.toFixed(1)} ms in the middle, ${p99.toFixed(1)} ms at the most.`,
  ].join('\n\n');
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: node test/soak/write-report.mjs FILE\n');
  process.exitCode = 2;
} else {
  const text = render(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(PAGE, insertBetweenMarks(readFileSync(PAGE, 'utf8'), { name: 'soak', text }));
}
