import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** The only places that may know what time it is, all for people to read. */
const READERS = [
  'src/cli/explain-time.ts', // now, unless explain is asked about another time
  'src/config/certificate-life.ts', // whether clients will take a certificate
  'src/dispatcher/main.ts', // the time of a log record
  'src/main.ts', // whether the release of Node has ended
];
const WALL_CLOCK = /\bDate\.now\b|\bnew Date\(\)|CLOCK_REALTIME|\bgettimeofday\(|\btime\(NULL\)/;

function sources(): readonly string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.(ts|c|h)$/.test(file)).map((file) => `src/${file}`);
}

describe('the wall clock', () => {
  test('is read for records only, so that a step of it moves no limit and no timer (S90)', () => {
    const readers = sources().filter((file) => WALL_CLOCK.test(readFileSync(file, 'utf8')));
    expect(readers.sort()).toEqual(READERS);
  });
});
