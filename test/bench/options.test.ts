import { describe, expect, it } from 'vitest';
import { parseOptions, USAGE } from '../../bench/lib/options.mjs';
import { SCENES } from '../../bench/lib/scenes.mjs';

describe('The options of the bench', () => {
  it('measure everything in five rounds of a second when nothing is said', () => {
    expect(parseOptions([])).toEqual({
      mode: 'tables',
      rounds: 5,
      seconds: 1,
      servers: undefined,
      scenes: SCENES.map(({ name }) => name),
      json: undefined,
      insert: undefined,
    });
  });

  it('choose servers and scenes by name', () => {
    const options = parseOptions(['--servers', 'zinetd,busybox inetd', '--scenes', 'raw,held']);
    expect(options.servers).toEqual(['zinetd', 'busybox inetd']);
    expect(options.scenes).toEqual(['raw', 'held']);
  });

  it('have short forms for refusals and relays, which go together', () => {
    expect(parseOptions(['--refusals']).scenes).toEqual(['refusals']);
    expect(parseOptions(['--refusals', '--redirect']).scenes).toEqual(['refusals', 'relays', 'streams']);
  });

  it('are shorter for the gate, and longer for what it is compared with', () => {
    const [quick, store] = [parseOptions(['--quick']), parseOptions(['--store'])];
    expect([quick.mode, store.mode]).toEqual(['quick', 'store']);
    expect(quick.seconds).toBe(store.seconds);
    expect(store.rounds).toBeGreaterThan(quick.rounds);
    expect(parseOptions(['--quick', '--rounds', '1', '--seconds', '0.1'])).toMatchObject({
      rounds: 1,
      seconds: 0.1,
    });
  });

  it.each([
    [['--rounds', '0'], '--rounds "0"'],
    [['--seconds', 'long'], '--seconds "long"'],
    [['--seconds', '61'], 'at most 60'],
    [['--scenes', 'raw,row'], '"row"'],
    [['--quick', '--store'], '--store with --quick'],
    [['--quick', '--insert', 'x.md'], '--insert with --quick'],
    [['--store', '--servers', 'xinetd'], '--servers with --store'],
  ])('refuse %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(RangeError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  it('refuse what they do not know', () => {
    expect(() => parseOptions(['--fast'])).toThrow(TypeError);
    expect(() => parseOptions(['raw'])).toThrow(TypeError);
  });

  it('are all explained', () => {
    for (const name of [
      'rounds',
      'seconds',
      'servers',
      'scenes',
      'refusals',
      'redirect',
      'json',
      'insert',
      'quick',
      'store',
    ])
      expect(USAGE).toContain(`--${name}`);
    for (const { name } of SCENES) expect(USAGE).toContain(name);
  });
});
