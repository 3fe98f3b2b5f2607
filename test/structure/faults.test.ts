import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** F1, the soak and the fuzzing have places of their own. */
const OF_THE_PLAN = [...range(2, 17), ...range(24, 27)];

interface Note {
  readonly fault: string;
  readonly what: string;
  readonly pass: string;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last + 1 - first }, (_, at) => first + at);
}

const names = readdirSync('test/faults').filter((name) => name.endsWith('.test.ts'));

describe('the fault plan', () => {
  test('has a script for each of F2 to F17 and F24 to F27, named after it, that keeps its figures', () => {
    for (const number of OF_THE_PLAN) {
      const beginning = `f${String(number).padStart(2, '0')}-`;
      const scripts = names.filter((name) => name.startsWith(beginning));
      expect(scripts, `F${number}`).not.toEqual([]);
      const sources = scripts.map((name) => readFileSync(`test/faults/${name}`, 'utf8'));
      for (const source of sources) expect(source, `F${number}`).toMatch(new RegExp(`\\bF${number}\\b`));
      const kept = [...sources, readFileSync('test/faults/starve.ts', 'utf8')].join('\n');
      expect(kept, `F${number}`).toContain(`fault: 'F${number}'`);
    }
  });

  test('has a note on each, and a section of docs/reliability-faults.md with a figure', () => {
    const notes = JSON.parse(readFileSync('scripts/notes/faults.json', 'utf8')) as readonly Note[];
    expect(notes.map(({ fault }) => fault)).toEqual(OF_THE_PLAN.map((number) => `F${number}`));
    const page = readFileSync('docs/reliability-faults.md', 'utf8');
    for (const { fault, what } of notes) expect(page).toContain(`## ${fault}: ${what}\n`);
    expect(page).not.toContain('No figures yet');
  });
});
