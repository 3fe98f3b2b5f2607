import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { RlimitName } from '../../model/rlimit.ts';
import type { OptionWord } from './option-words.ts';
import { knownText, parseNumber } from './option-words.ts';
import type { ShellWord } from './shell-word.ts';
import type { Surroundings } from './surroundings.ts';

/** The letters of softlimit, chpst and s6-softlimit. */
const LETTERS: Readonly<Record<string, readonly RlimitName[]>> = {
  a: ['as'],
  c: ['core'],
  d: ['data'],
  f: ['fsize'],
  l: ['memlock'],
  m: ['data', 'stack', 'memlock', 'as'],
  o: ['nofile'],
  p: ['nproc'],
  r: ['rss'],
  s: ['stack'],
  t: ['cpu'],
};

const USUAL_MEMLOCK = 8_388_608;

export const LIMIT_LETTERS: string = Object.keys(LETTERS).join('');

/** The letters of ulimit, and how much one is. */
const ULIMIT: Readonly<Record<string, readonly [RlimitName, number]>> = {
  c: ['core', 512],
  d: ['data', 1024],
  f: ['fsize', 512],
  l: ['memlock', 1024],
  m: ['rss', 1024],
  n: ['nofile', 1],
  s: ['stack', 1024],
  t: ['cpu', 1],
  u: ['nproc', 1],
  v: ['as', 1024],
};

export const ULIMIT_LETTERS: string = Object.keys(ULIMIT).join('');

interface Context {
  readonly set: Surroundings;
  readonly report: Report;
}

/** `-m 2000000`; "=" is the hard limit, which changes nothing. */
export function setLimits(options: readonly OptionWord[], { set, report }: Context): void {
  for (const { letter, value } of options) {
    const names = LETTERS[letter] ?? [];
    if (!value || names.length === 0 || value.text === '=') continue;
    const number = parseNumber(value, { least: 0, most: Number.MAX_SAFE_INTEGER, report });
    if (number === undefined) continue;
    for (const name of names) {
      // More than the system lets anybody have: softlimit takes what there is, and so do we.
      const isSpare = letter === 'm' && name === 'memlock' && number > USUAL_MEMLOCK;
      if (!isSpare) set.limits.set(name, { value: number, at: value });
    }
  }
}

/** `ulimit -n 64` of a shell. */
export function setUlimit(words: readonly ShellWord[], { set, report }: Context): void {
  const [option, value, more] = words.filter(({ text }) => !/^-[SH]+$/.test(text));
  const [, letter = ''] = /^-[SH]*([a-z])$/.exec(option?.text ?? '') ?? [];
  const [name, size] = ULIMIT[letter] ?? [];
  if (!option || !value || more || name === undefined || size === undefined) {
    const at = words[0]?.place ?? option?.place;
    const message = `Cannot use "ulimit": must be an option of ${quote(ULIMIT_LETTERS)} and its value`;
    if (at) report.add({ code: 'tcprules/option', at, message });
    return;
  }
  if (knownText(value, report) === 'unlimited') set.limits.set(name, { value: 'unlimited', at: value });
  else {
    const number = parseNumber(value, { least: 0, most: 1e12, report });
    if (number !== undefined) set.limits.set(name, { value: number * size, at: value });
  }
}
