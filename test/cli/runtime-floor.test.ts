import { expect, test } from 'vitest';
import { endingLines } from '../../src/cli/ending-lines.ts';
import { NODE_LINES } from '../../src/cli/node-lines.ts';
import { judgeRuntime } from '../../src/cli/runtime-floor.ts';

function kind(version: string, today = '2026-01-01'): string {
  return judgeRuntime(version, today).kind;
}

test('a Node below the patched floor of its line is refused, the floor itself is not (S136)', () => {
  for (const version of [
    '20.20.1',
    '20.19.9',
    '22.22.1',
    '22.9.9',
    '24.14.0',
    '24.0.0',
    '18.99.99',
    '21.7.3',
    '23.11.1',
    '0.10.0',
    'nonsense',
    '',
  ]) {
    expect(kind(version), version).toBe('refused');
  }
  for (const version of ['20.20.2', '20.21.0', '22.22.2', '24.14.1', '26.0.0', '28.1.0']) {
    expect(kind(version), version).toBe('fit');
  }
});

test('the refusal names the floors (S136)', () => {
  expect(judgeRuntime('20.0.0', '2026-01-01')).toEqual({
    kind: 'refused',
    message:
      'Cannot run on Node.js 20.0.0: it has known holes (needs at least 20.20.2, 22.22.2, 24.14.1 of its release line)',
  });
});

test('a line past its end of life is warned of, from the day after (S136)', () => {
  expect(kind('20.20.2', '2026-04-30')).toBe('fit');
  expect(kind('20.20.2', '2026-05-01')).toBe('ended');
  expect(kind('22.22.2', '2027-05-01')).toBe('ended');
  expect(kind('24.14.1', '2028-05-01')).toBe('ended');
  expect(kind('26.0.0', '2029-05-01')).toBe('ended');
  expect(kind('25.1.0')).toBe('ended');
});

test('no line that zinetd supports ends within 60 days: drop it, or excuse it in node-lines.ts (S136)', () => {
  expect(endingLines(new Date().toISOString().slice(0, 10))).toEqual([]);
});

test('60 days ahead of its end a line without an excuse is told of, and from then on (S136)', () => {
  expect(endingLines('2027-02-28')).toEqual([]);
  expect(endingLines('2027-03-01')).toEqual([22]);
  expect(endingLines('2028-03-01')).toEqual([22, 24]);
});

test('what runs this is a line that gets fixes, or has an excuse (S136)', () => {
  const running = NODE_LINES.find(({ major }) => major === Number(process.versions.node.split('.')[0]));
  const today = new Date().toISOString().slice(0, 10);
  expect(running && (running.excuse ?? running.endsOn > today)).toBeTruthy();
});
