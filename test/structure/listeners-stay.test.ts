import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Everything that closes listening sockets, each with the one place that asks for it. */
const CLOSERS = [
  { call: /\blistener\.close\(/, place: 'src/dispatcher/listeners.ts' }, // all of them, for the next row
  { call: /#listeners\.close\(/, place: 'src/dispatcher/dispatcher.ts' }, // a stop
  { call: /^\t.*\blisteners_close\(/m, place: 'src/native/spawner/stop.c' }, // a stop
];

function placesOf(call: RegExp): readonly string[] {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((file) => `src/${file}`);
  return files
    .filter((file) => /\.(ts|c)$/.test(file))
    .filter((file) => call.test(readFileSync(file, 'utf8')));
}

describe('a listening socket', () => {
  test.each(CLOSERS)('is closed by a stop, and never because of load: $call is in $place (S76)', (closer) => {
    expect(placesOf(closer.call)).toEqual([closer.place]);
  });

  test('is closed in the dispatcher when it stops, and nowhere else (S76)', () => {
    const text = readFileSync('src/dispatcher/dispatcher.ts', 'utf8');
    const around = text
      .slice(0, text.indexOf('listeners.close('))
      .split(/^ {2}(?=\S)/m)
      .at(-1);
    expect(around).toMatch(/^#onStopping\(\)/);
    expect(text.split('listeners.close(')).toHaveLength(2);
  });
});
