import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Everything that closes listening sockets, each with the one place that asks for it. */
const CLOSERS = [
  { call: /\blistener\.close\(/, place: 'src/dispatcher/listeners.ts' }, // all of them, for the next row
  { call: /\blisteners\.close\(/, place: 'src/dispatcher/departure.ts' }, // a stop
  { call: /\blisteners\(\)\.close\(/, place: 'src/dispatcher/upgrades.ts' }, // another version takes them over
  { call: /listeners\.look\(/, place: 'src/dispatcher/reloads.ts' }, // a reload, of those it has no use for
  { call: /pending->rows\[i\] == NO_ID\)\n\t+listener_close\(/, place: 'src/native/spawner/reload.c' }, // the same
  { call: /^\t.*\blisteners_close\(/m, place: 'src/native/spawner/stop.c' }, // a stop
];

function placesOf(call: RegExp): readonly string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((file) => `src/${file}`);
  return files
    .filter((file) => /\.(ts|c)$/.test(file))
    .filter((file) => call.test(readFileSync(file, 'utf8')));
}

describe('a listening socket', () => {
  test.each(CLOSERS)(
    'is closed by a stop or a reload, and never because of load: $call is in $place (S76)',
    (closer) => {
      expect(placesOf(closer.call)).toEqual([closer.place]);
    },
  );

  test('is closed in the dispatcher when it stops, and all of them nowhere else (S76)', () => {
    const parts = readFileSync('src/dispatcher/departure.ts', 'utf8').split(/^ {2}(?=\S)/m);
    const closing = parts.filter((part) => part.includes('listeners.close('));
    expect(closing.map((part) => part.slice(0, part.indexOf('(')))).toEqual(['begin']);
  });
});
