import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readTcprules } from '../../../src/convert/tcprules/read-tcprules.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { tcprulesCorpus } from '../../harness/tcprules-corpus.ts';
import { convertPaths } from '../convert-paths.ts';

const GOLDEN = 'test/golden/tcprules-corpus';

describeWith('rules of tcpserver from the wild', { needs: ['the corpus of tcprules'] }, () => {
  const corpus = tcprulesCorpus();

  test('is 9 entries of one file, each with a summary', () => {
    expect(corpus).toHaveLength(9);
    if (process.env['UPDATE_GOLDEN'] === '1') mkdirSync(GOLDEN, { recursive: true });
    else expect(readdirSync(GOLDEN).sort()).toEqual(corpus.map(({ slug }) => `${slug}.txt`).sort());
  });

  /** `UPDATE_GOLDEN=1 npx vitest run test/convert/tcprules/corpus.test.ts` writes the summaries anew. */
  test.each(corpus.map((entry) => [entry.slug, entry] as const))(
    '%s: each line is accounted for',
    (slug, entry) => {
      for (const name of entry.names) {
        const found = convertPaths(readTcprules, resolve(entry.folder), [name]);
        const text = readFileSync(join(entry.folder, name), 'utf8');
        const count = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
        const lines = found.accounts.flatMap(({ line, lastLine }) =>
          Array.from({ length: lastLine - line + 1 }, (_, at) => line + at),
        );
        expect(lines).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        // NOTES 6: one of another program is refused; of the others lists are made.
        const isOther = slug === 'debian-courier-mta';
        expect(found.codes).toEqual([isOther ? 'tcprules/not-tcprules' : 'tcprules/no-services']);
        expect(Object.keys(found.disabledServices)).toHaveLength(isOther ? 0 : 1);
        const summary = [
          ...found.lines.filter((line) => !/ (comment|blank)$/.test(line)),
          ...['', ...found.places, ''],
          `${JSON.stringify(found.disabledServices, null, 2)}\n`,
        ].join('\n');
        const golden = join(GOLDEN, `${slug}.txt`);
        if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, summary);
        expect(summary).toBe(existsSync(golden) ? readFileSync(golden, 'utf8') : '');
      }
    },
  );
});
