import { readFileSync } from 'node:fs';
import type { Row } from './loop.ts';
import { PROCESSES } from './plan.ts';
import type { Branch } from './reached.ts';

/** Why a branch is not reached by a call that fails in the scenes. */
interface Reason {
  /** Or the beginning of the path. */
  readonly file: string;
  /** A part of the line. */
  readonly text: string;
  readonly why: string;
}

const REASONS = 'test/faults/f1/unreached.json';

function reasons(): readonly Reason[] {
  return JSON.parse(readFileSync(REASONS, 'utf8')) as readonly Reason[];
}

/** Of the run that it tells of. */
export interface Progress {
  readonly isWhole: boolean;
  readonly minutes: number;
  readonly processors: number;
  /** How many calls with their errnos there were to fail by the scenes that it came to. */
  readonly wanted: number;
}

const HEAD = `# F1: every system call fails once

What \`ZINETD_LONG=1 npx vitest run test/faults/f1-calls.test.ts\` found. For each call of spawner, dispatcher and the processes around them, and
each errno that it may have, the first call fails, then the second, and so on, until the scene does not come so far any more; after each of
them every kind of service has to be served again, by handlers that are who and what they were, with as many descriptors as before and no
zombie. Of many calls of a kind those are taken that the column *n* has, of each place in the C sources that
makes it the first one among them. Scenes are a start, connections of every kind (stream, \`wait\`, datagrams with a handler each and for all, unix sockets, tcpmux,
TLS, PROXY, banner, pool, redirect, built-ins, a denied source, sandboxes), a reload between two configurations, an upgrade, and a stop. How
the calls are made to fail is in [test/faults/f1](../test/faults/f1/inject.c): a build of the same sources with something of the tests' own between
them and libc, so that nothing is traced and sandboxes are in force.

\`child\` is a handler between clone and exec, \`worker\` one of zinetd's own processes between fork and exec, \`trial\` the next spawner as an upgrade
tries it.
`;

function spans(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    let end = at;
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end++;
    parts.push(end > at + 1 ? `${numbers[at]} to ${numbers[end]}` : numbers.slice(at, end + 1).join(', '));
    at = end + 1;
  }
  return parts.join(', ');
}

function outcomesOf({ outcomes }: Row): string {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${outcome} (${count})`)
    .join(', ');
}

/** Errnos of a call with the same n and the same outcomes share a line. */
function lines(rows: readonly Row[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const row of rows.filter(({ tried }) => tried.length > 0)) {
    const key = [row.scene, row.process, row.call, spans(row.tried), outcomesOf(row)].join('\0');
    groups.set(key, [...(groups.get(key) ?? []), row.errno]);
  }
  return [...groups].map(([key, errnos]) => {
    const [scene, who, call, tried, outcomes] = key.split('\0');
    return `| ${scene} | ${who} | ${call} | ${errnos.join(', ')} | ${tried} | ${outcomes} |`;
  });
}

function rank(row: Row): number {
  return (PROCESSES as readonly string[]).indexOf(row.process);
}

function totals(rows: readonly Row[]): string {
  const pairs = rows.reduce((sum, { tried }) => sum + tried.length, 0);
  const calls = new Set(rows.map(({ call }) => call)).size;
  const points = new Set(rows.map(({ scene, process: who, call }) => `${scene} ${who} ${call}`)).size;
  const violations = rows.reduce((sum, row) => sum + row.violations.length, 0);
  return `**${pairs}** times a call failed: ${calls} calls, ${points} of them by scene and process, ${rows.length} with their errnos. **${violations}** violations.`;
}

function violationsOf(rows: readonly Row[]): string {
  const told = rows.flatMap(({ scene, process: who, call, errno, violations }) =>
    violations.map((it) => `- ${scene}, ${who}, ${call}, ${errno}: ${it.slice(0, 200)}`),
  );
  return told.length === 0 ? '' : `\n## Violations\n\n${told.join('\n')}\n`;
}

function branchesOf(branches: readonly Branch[]): string {
  const missed = branches.filter((it) => it.missed.length > 0);
  const whole = `${branches.length - missed.length} of ${branches.length} lines of the C sources at which a call that fails goes another way were reached with each of their branches. The others:`;
  const all = reasons();
  const table = missed.map((branch) => {
    const why = all.find((it) => branch.file.startsWith(it.file) && branch.text.includes(it.text))?.why;
    const text = branch.text.replaceAll('|', '\\|');
    return `| ${branch.file} | \`${text}\` | ${branch.missed.length} of ${branch.blocks} | ${why ?? ''} |`;
  });
  return [whole, '', '| file | line | missed | why |', '|---|---|---|---|', ...table].join('\n');
}

function saying({ isWhole, minutes, processors, wanted }: Progress, rows: readonly Row[]): string {
  const took = `${minutes} minutes with ${processors} processors`;
  if (isWhole) return `One whole run, of ${took}.\n`;
  return `**Not a whole run**: it was ended after ${took}, when it had come to ${rows.length} of ${wanted} calls with their errnos in the scenes that it got to.\n`;
}

/** docs/reliability-f1.md */
export function renderReport(rows: readonly Row[], branches: readonly Branch[], progress: Progress): string {
  const sorted = rows.toSorted(
    (a, b) => a.scene.localeCompare(b.scene) || rank(a) - rank(b) || a.call.localeCompare(b.call),
  );
  const table = [
    '| scene | process | call | errno | n | what came of it |',
    '|---|---|---|---|---|---|',
    ...lines(sorted),
  ];
  return [
    HEAD,
    saying(progress, rows),
    totals(rows),
    violationsOf(rows),
    '## What failed\n',
    ...table,
    '',
    '## Branches\n',
    branchesOf(branches),
    '',
  ].join('\n');
}
