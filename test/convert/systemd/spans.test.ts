import { expect, test } from 'vitest';
import { parseSize } from '../../../src/convert/systemd/parse-size.ts';
import { parseSpanMs, spanText } from '../../../src/convert/systemd/parse-span.ts';
import { describeWith } from '../../harness/describe-with.ts';
import { program } from '../../harness/program.ts';
import { runProgram } from '../../harness/run-program.ts';
import { systemdLibraries } from '../../harness/systemd-libraries.ts';

const SPANS = [
  ...[
    '5',
    '1min 30s',
    '2h5',
    '2h 5s',
    '1.5h',
    '100ms',
    '1s500ms',
    '3 days',
    '1week',
    '1month',
    '1M',
    '1m',
    '1y',
  ],
  ...[
    '1us',
    '0',
    '0.5',
    '2hr 3minutes',
    '10sec',
    '1d1',
    'infinity',
    'x',
    '',
    '5 x',
    '-1',
    '1..5',
    '1 2 3',
    's',
    '.5',
    '5.',
  ],
];

describeWith('time spans', { needs: [{ program: 'systemd-analyze' }] }, () => {
  test.each(SPANS)('%j is to us what it is to systemd', async (span) => {
    const command = [program('systemd-analyze') ?? '', 'timespan', '--', span];
    const { stdout } = await runProgram(command, {
      env: { LD_LIBRARY_PATH: systemdLibraries(), SYSTEMD_COLORS: '0' },
    });
    const written = /s: (\d+)$/m.exec(stdout)?.[1];
    const ms = /infinity/.test(stdout) ? Number.POSITIVE_INFINITY : Number(written) / 1000;
    expect(parseSpanMs(span)).toEqual(stdout === '' ? undefined : ms);
  });
});

test('a span is written in whole seconds, or in milliseconds', () => {
  expect(['90s', '1500ms', '1ms'].map((text) => text)).toEqual([90_000, 1500, 0.2].map(spanText));
});

test.each([
  ['5', 5],
  ['1K', 1024],
  ['1.5M', 1_572_864],
  ['2 G', 2_147_483_648],
  ['7B', 7],
  ['infinity', Number.POSITIVE_INFINITY],
  ['1k', undefined],
  ['K', undefined],
  ['-1', undefined],
  ['1E', undefined],
])('a size %j is %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});
