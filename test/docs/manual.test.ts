import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allAttributes } from '../../scripts/attribute-facts.ts';
import { allCommands } from '../../scripts/command-facts.ts';
import { describeWith } from '../harness/describe-with.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';

/** mandoc looks below /usr/share/man whether the pages that ours name are there: here they are. */
function lint(mandoc: string): string {
  return [
    'set -e',
    'mount -t tmpfs none /usr/share/man',
    'mkdir /usr/share/man/man5 /usr/share/man/man8',
    'cp man/*.5 /usr/share/man/man5',
    'cp man/*.8 /usr/share/man/man8',
    `ln -s '${mandoc}' makewhatis`,
    './makewhatis /usr/share/man',
    `'${mandoc}' -T lint man/*`,
  ].join('\n');
}

describeWith('the manual pages', { needs: ['a mount namespace', { program: 'mandoc' }] }, () => {
  test('are without fault for "mandoc -T lint"', async () => {
    const cwd = scratch('manual');
    const copy = await runProgram(['cp', '-r', 'man', cwd]);
    expect(copy.status).toBe(0);
    const ran = await runProgram(['unshare', '--mount', 'sh', '-c', lint(program('mandoc') ?? '')], { cwd });
    expect(ran).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('show each command and each attribute to a reader', async () => {
    const shown = async (path: string): Promise<string> =>
      (await runProgram([program('mandoc') ?? '', '-T', 'ascii', path])).stdout.replace(/.\x08/g, '');
    const zinetd = await shown('man/zinetd.8');
    expect(allCommands().filter(({ name }) => !zinetd.includes(`\n   ${name}\n`))).toEqual([]);
    const yaml = await shown('man/zinetd.yaml.5');
    const isThere = (name: string): boolean => new RegExp(`^ {5}${name}(\\s|$)`, 'm').test(yaml);
    expect(allAttributes().filter(({ name }) => !isThere(name))).toEqual([]);
  });
});

test('zinetd(8) has each signal of docs/reference/signals.md', () => {
  const table = readFileSync('docs/reference/signals.md', 'utf8').match(/^\| [A-Z].*/gm) ?? [];
  const signals = table.flatMap((row) => row.split('|')[1]?.match(/\b[A-Z]{3}[A-Z0-9]*\b/g) ?? []);
  expect(signals).toEqual(expect.arrayContaining(['HUP', 'TERM', 'QUIT']));
  const page = readFileSync('man/zinetd.8', 'utf8');
  const named = signals.filter((signal) => !['KILL', 'STOP', 'TSTP'].includes(signal));
  expect(named.filter((signal) => !page.includes(`SIG${signal}`))).toEqual([]);
});

test('the package brings the manual pages along', () => {
  const { man, files } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(man).toEqual(['man/zinetd.8', 'man/zinetd.yaml.5']);
  expect(files).toContain('man');
});
