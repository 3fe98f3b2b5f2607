import type { Problem } from '../../config/report.ts';
import { splitWords } from './split-words.ts';
import type { Word } from './text.ts';
import { placeOfValue, type Setting } from './unit.ts';

/** What `ExecStart=` has before the path: `-`, `@`, `:`, `+`, `!` and `|`. */
export interface Command {
  readonly prefixes: string;
  readonly path: Word;
  readonly argv0: Word | undefined;
  readonly args: readonly Word[];
}

const PREFIXES = /^[-@:+!|]*/;

function faultOf(setting: Setting, reason: string, { start, end }: { start: number; end: number }): Problem {
  const message = `Cannot use "${setting.name}=": ${reason}`;
  return { code: 'systemd/command', at: placeOfValue(setting, start, end), message };
}

/** A command line as systemd.service(5) has it, before specifiers and variables. */
export function parseCommand(setting: Setting): Command | Problem {
  const words = splitWords(setting.value);
  const whole = { start: 0, end: setting.value.length };
  if ('reason' in words) return faultOf(setting, words.reason, words);
  const semicolon = words.findIndex(({ text, isBare }) => isBare && text === ';');
  const more = semicolon === -1 ? undefined : words[semicolon + 1];
  if (more) return faultOf(setting, 'zinetd starts one program', { start: more.start, end: more.end });
  const [first, ...rest] = semicolon === -1 ? words : words.slice(0, semicolon);
  if (!first) return faultOf(setting, 'it names no program', whole);
  const [prefixes = ''] = PREFIXES.exec(first.text) ?? [];
  const named: readonly Word[] = rest.map(({ text, start, end, isBare }) => ({
    // A backslash before it keeps a semicolon from parting commands.
    text: !isBare && setting.value.slice(start, end) === '\\;' ? ';' : text,
    place: placeOfValue(setting, start, end),
  }));
  const path = {
    text: first.text.slice(prefixes.length),
    place: placeOfValue(setting, first.start + prefixes.length, first.end),
  };
  if (path.text === '') return faultOf(setting, 'it names no program', whole);
  if (!prefixes.includes('@')) return { prefixes, path, argv0: undefined, args: named };
  const [argv0, ...args] = named;
  return argv0 ? { prefixes, path, argv0, args } : faultOf(setting, 'argv[0] must stand behind "@"', whole);
}
