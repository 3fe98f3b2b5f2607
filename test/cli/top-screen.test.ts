import { expect, test } from 'vitest';
import { applyKey } from '../../src/cli/top/apply-key.ts';
import { keysOf } from '../../src/cli/top/keys.ts';
import { ratesBetween } from '../../src/cli/top/rates.ts';
import { topRows } from '../../src/cli/top/top-rows.ts';
import { topScreen } from '../../src/cli/top/top-screen.ts';
import { FIRST_VIEW, SORT_KEYS, type View } from '../../src/cli/top/view.ts';
import { EXAMPLE_STATUS, exampleService, laterStatus } from '../harness/example-status.ts';

const SAMPLES = { before: laterStatus(1), now: laterStatus(2), failure: undefined };
const EXTENT = { services: 5, pageRows: 3 };

function press(input: string, view: View = FIRST_VIEW): View | undefined {
  let pressed: View | undefined = view;
  for (const key of keysOf(input)) pressed = pressed && applyKey(pressed, key, EXTENT);
  return pressed;
}

test('no line is wider than the screen, and no screen higher, whatever their size', () => {
  const long = { ...SAMPLES, failure: 'x'.repeat(300) };
  for (const samples of [SAMPLES, long]) {
    for (const mode of ['table', 'filter', 'help'] as const) {
      for (let columns = 1; columns <= 130; columns++) {
        const rows = 1 + (columns % 30);
        const view = { ...FIRST_VIEW, mode, filter: mode === 'filter' ? 'y'.repeat(64) : '' };
        const lines = topScreen(samples, { view, screen: { columns, rows, hasColours: false } });
        expect(lines).toHaveLength(rows);
        expect(Math.max(...lines.map((line) => line.length)), `${columns}x${rows}`).toBeLessThanOrEqual(
          columns,
        );
      }
    }
  }
});

test('colours change nothing of the text', () => {
  const show = (hasColours: boolean) =>
    topScreen(SAMPLES, { view: FIRST_VIEW, screen: { columns: 120, rows: 20, hasColours } });
  const plain = show(true).map((line) => line.replace(/\x1b\[\d+m/g, '').trimEnd());
  expect(show(true).join('')).toContain('\x1b[');
  expect(plain).toEqual(show(false));
});

test('nothing that the daemon says is acted on by the terminal (S116)', () => {
  const evil = exampleService({ name: 'a\x1b[2Jb', state: 'paused', why: 'because \x9b31m of \u202e this' });
  const now = { ...EXAMPLE_STATUS, version: '\x1b]0;x\x07', services: [evil] };
  const samples = { now, before: undefined, failure: undefined };
  const lines = topScreen(samples, {
    view: FIRST_VIEW,
    screen: { columns: 200, rows: 10, hasColours: false },
  });
  expect(lines.join('')).toMatch(/^[ -~]+$/);
});

test('rates are by the clock of the daemon, and unknown when that began anew', () => {
  const rates = ratesBetween(laterStatus(10), laterStatus(14));
  expect(rates.get('time')).toEqual({ started: 412, refused: 0, failed: 0 });
  expect(ratesBetween(undefined, laterStatus(1)).size).toBe(0);
  expect(ratesBetween(laterStatus(4), laterStatus(4)).size).toBe(0);
  expect(ratesBetween(laterStatus(4), { ...laterStatus(5), dispatcherPid: 1 }).size).toBe(0);
  const fewer = { ...laterStatus(5), upMs: laterStatus(9).upMs };
  expect(ratesBetween(laterStatus(6), fewer).has('time')).toBe(false);
  expect(ratesBetween(laterStatus(6), fewer).get('echo')).toEqual({ started: 0, refused: 0, failed: 0 });
});

test('a service that is new is counted from nothing', () => {
  const before = { ...laterStatus(1), services: [] };
  expect(ratesBetween(before, laterStatus(2)).get('echo')).toEqual({ started: 1204, refused: 3, failed: 0 });
});

test('rows are sorted by any column, either way, and equals by handlers and name', () => {
  const names = (view: Partial<View>) =>
    topRows(SAMPLES.now, {
      rates: ratesBetween(SAMPLES.before, SAMPLES.now),
      view: { ...FIRST_VIEW, ...view },
    }).map(({ service }) => service.name);
  expect(names({})).toEqual(['time', 'echo', 'talk', 'finger', 'ftp']);
  expect(names({ sort: 'service' })).toEqual(['echo', 'finger', 'ftp', 'talk', 'time']);
  expect(names({ sort: 'service', isReversed: true })).toEqual(['time', 'talk', 'ftp', 'finger', 'echo']);
  expect(names({ sort: 'state' })).toEqual(['ftp', 'finger', 'talk', 'time', 'echo']);
  expect(names({ sort: 'refuseRate' })[0]).toBe('finger');
  expect(names({ sort: 'bar' })[0]).toBe('talk');
  expect(names({ filter: 'F' })).toEqual(['finger', 'ftp']);
  for (const sort of SORT_KEYS) expect(names({ sort }).toSorted()).toEqual(names({ sort: 'service' }));
});

test('keys come in any number at once, also those that nobody knows', () => {
  expect(keysOf('\x1b[A\x1bOBq\x1b[5~\x1b[1;5Z\x7f\x1b')).toEqual([
    ...['up', 'down', { character: 'q' }, 'page-up', 'backspace', 'escape'],
  ]);
  expect(keysOf('\xff\x00')).toEqual([]);
});

test('each key does what the help says', () => {
  expect(press('s')?.sort).toBe('refuseRate');
  expect(press('\x1b[D')?.sort).toBe('bar');
  expect(press('r')?.isReversed).toBe(true);
  expect(press('rs')?.isReversed).toBe(false);
  expect(press('jjjjjj')?.offset).toBe(2);
  expect(press('jjk')?.offset).toBe(1);
  expect(press('G')?.offset).toBe(2);
  expect(press('Gg')?.offset).toBe(0);
  expect(press(' ')?.offset).toBe(2);
  expect(press('p')?.isPaused).toBe(true);
  expect(press('pp')?.isPaused).toBe(false);
  expect(press('/ft\x7fx\r')).toMatchObject({ filter: 'fx', mode: 'table' });
  expect(press('/q\x1b')).toMatchObject({ filter: '', mode: 'table' });
  expect(press('hj')).toMatchObject({ mode: 'table', offset: 0 });
  for (const quit of ['q', '\x03', '/x\x03', 'hq']) expect(press(quit), quit).toBeUndefined();
  expect(press('constructor__proto__x'.replaceAll('r', '').replaceAll('p', ''))?.sort).toBe('refuseRate');
});
