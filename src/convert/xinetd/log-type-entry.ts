import { join } from 'node:path/posix';
import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import type { MapEntry, SyntaxNode } from '../../config/syntax-node.ts';
import { SEVERITIES } from '../../config/syslog-names.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { parseSize } from './parse-size.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** xinetd knows fewer of them than syslog(3) has. */
const FACILITIES = [
  ...['daemon', 'auth', 'authpriv', 'user', 'mail', 'lpr', 'news', 'uucp', 'ftp'],
  ...Array.from({ length: 8 }, (_, index) => `local${index}`),
];
const LEVELS = [...SEVERITIES.keys()];
const STANDARD_LEVEL = 'info';

/** By how much the hard limit is beyond the soft one: a hundredth, but not less nor more than these. */
const LEAST_EXTRA = 5 * 1024;
const MOST_EXTRA = 20 * 1024;
/** What xinetd opens for writing as it is, for everybody to read. */
const MODE = '0644';

const TERMINALS = [
  '/dev/stdout',
  '/dev/stderr',
  '/dev/fd/1',
  '/dev/fd/2',
  '/proc/self/fd/1',
  '/proc/self/fd/2',
];

function refuseCount(form: string, [type]: readonly Word[], { report }: ShapedEntry): undefined {
  if (type) refuseValue({ name: 'log_type', word: type, reason: `must be ${form}` }, report);
}

function syslogNode(words: readonly Word[], shaped: ShapedEntry): SyntaxNode | undefined {
  const [type, facility, level] = words;
  if (!type || !facility || words.length > 3) return refuseCount('SYSLOG FACILITY [LEVEL]', words, shaped);
  const isKnown = (word: Word, known: readonly string[]): boolean => {
    if (known.includes(word.text.toLowerCase())) return true;
    const help = `known are ${known.join(', ')}`;
    refuseValue({ name: 'log_type', word, reason: 'it is not known', help }, shaped.report);
    return false;
  };
  const checks = [isKnown(facility, FACILITIES), level === undefined || isKnown(level, LEVELS)];
  if (checks.includes(false)) return undefined;
  const text = (key: string, word: Word | undefined, standard: string): MapEntry =>
    entryOf(key, scalarNode(word?.text.toLowerCase() ?? standard, word?.place ?? type.place));
  return mapNode(
    [
      text('syslog', facility, ''),
      text('level', level, STANDARD_LEVEL),
      entryOf('tag', scalarNode('xinetd', type.place)),
    ],
    type.place,
  );
}

interface Limits {
  readonly soft: number;
  readonly hard: number;
}

/** Both limits, or none; false after a report. */
function limitsOf([soft, hard]: readonly Word[], { report }: ShapedEntry): Limits | undefined | false {
  if (!soft) return undefined;
  const sizes = [soft, hard].map((word) => word && parseSize(word.text));
  const bad = [soft, hard].find((word, index) => word && sizes[index] === undefined);
  if (bad) {
    refuseValue({ name: 'log_type', word: bad, reason: 'must be a size such as "10240" or "10k"' }, report);
    return false;
  }
  const [least = 0, most] = sizes;
  const extra = Math.max(LEAST_EXTRA, Math.min(MOST_EXTRA, Math.floor(least / 100)));
  if (!hard || most === undefined) return { soft: least, hard: least + extra };
  if (most >= least) return { soft: least, hard: most };
  refuseValue({ name: 'log_type', word: hard, reason: `must be at least ${quote(soft.text)}` }, report);
  return false;
}

function warnOfFile(at: Place, message: string, { report }: ShapedEntry): void {
  report.add({ code: 'xinetd/log-file', at, message });
}

/** What is no file to write to: the output of zinetd, which it has for itself, and what keeps nothing. */
function streamNode(path: Word, limits: Limits | undefined, shaped: ShapedEntry): SyntaxNode | undefined {
  if (path.text === '/dev/null') return scalarNode('none', path.place);
  if (!TERMINALS.includes(path.text)) return undefined;
  if (/(stderr|2)$/.test(path.text)) {
    warnOfFile(
      path.place,
      `Took ${quote(path.text)} for standard output, where all records of zinetd go`,
      shaped,
    );
  }
  if (limits) warnOfFile(path.place, `Ignored the limits of ${quote(path.text)}: it does not grow`, shaped);
  return scalarNode('stdout', path.place);
}

function fileNode(words: readonly Word[], shaped: ShapedEntry): SyntaxNode | undefined {
  const [type, path, ...sizes] = words;
  if (!type || !path || sizes.length > 2) return refuseCount('FILE PATH [SOFT [HARD]]', words, shaped);
  const limits = limitsOf(sizes, shaped);
  if (limits === false) return undefined;
  const stream = streamNode(path, limits, shaped);
  if (stream) return stream;
  const file = join('/', path.text);
  if (!path.text.startsWith('/')) {
    warnOfFile(
      path.place,
      `Took ${quote(path.text)} for ${quote(file)}, as xinetd does: it runs in "/"`,
      shaped,
    );
  }
  const size = (key: 'soft' | 'hard', word: Word | undefined): MapEntry | undefined =>
    limits && entryOf(key, scalarNode(limits[key], word?.place ?? path.place));
  return mapNode(
    [
      entryOf('file', scalarNode(file, path.place)),
      size('soft', sizes[0]),
      size('hard', sizes[1] ?? sizes[0]),
      entryOf('mode', scalarNode(MODE, path.place)),
    ],
    path.place,
  );
}

/** Where records go; without it nowhere. Undefined after a report. */
export function logTypeEntry(shaped: ShapedEntry): MapEntry | undefined {
  const { entry, report } = shaped;
  const attribute = entry.attributes.get('log_type');
  const words = attribute?.values ?? [];
  const [type] = words;
  if (!type) return entryOf('log_type', scalarNode('none', attribute?.at ?? entry.name.place));
  const kind = type.text.toUpperCase();
  if (kind !== 'FILE' && kind !== 'SYSLOG') {
    return refuseValue({ name: 'log_type', word: type, reason: 'must be FILE or SYSLOG' }, report);
  }
  const node = kind === 'FILE' ? fileNode(words, shaped) : syslogNode(words, shaped);
  return node && entryOf('log_type', node);
}
