import { expect, test } from 'vitest';
import { problemOfLine, zinetdLines } from './command-lines.ts';
import { blocksOf, codeOf, userPages } from './pages.ts';

const SHELL = ['', 'sh', 'ini', 'console'];

function problemsOf(path: string): readonly string[] {
  const blocks = blocksOf(path).filter(({ language }) => SHELL.includes(language));
  const texts = [
    ...blocks.map(({ text }) => text.replace(/^ExecStart=\S*\/(?=zinetd )/gm, '')),
    ...codeOf(path),
  ];
  return texts
    .flatMap(zinetdLines)
    .map(problemOfLine)
    .filter((problem) => problem !== undefined)
    .map((problem) => `${path}: ${problem}`);
}

test('command lines in the documents have commands and options that exist', () => {
  expect(userPages().flatMap(problemsOf)).toEqual([]);
});

test('a command line with a mistake is noticed', () => {
  const found = zinetdLines(
    '$ zinetd chek\nzinetd run --conf x && npm start -- serve udp://*:1 -- cat --any\n',
  );
  expect(found.map(problemOfLine)).toEqual([
    'no such command: chek',
    'no option "conf": run --conf x',
    undefined,
  ]);
});
