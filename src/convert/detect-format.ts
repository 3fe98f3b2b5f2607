import { basename } from 'node:path';
import { hasSocketType, isEntryShaped } from './inetd/entry-shape.ts';

/** What files of another super-server can be written in. */
export type FormatName =
  | 'native'
  | 'inetd'
  | 'xinetd'
  | 'rlinetd'
  | 'systemd'
  | 'launchd'
  | 'tcprules'
  | 'hosts_access';

/** Of a file that is longer only the beginning is looked at. */
const MOST_CHARACTERS = 65_536;

const BY_NAME: readonly (readonly [RegExp, FormatName])[] = [
  [/^inetd\.conf/, 'inetd'],
  [/^xinetd\.conf/, 'xinetd'],
  [/^rlinetd\.conf/, 'rlinetd'],
  [/\.(socket|service)$/, 'systemd'],
  [/\.plist$/, 'launchd'],
  [/^hosts\.(allow|deny)$/, 'hosts_access'],
  [/^tcp\.|\.(rules|tcp|cdb)$|^rules$/, 'tcprules'],
  [/\.ya?ml$/, 'native'],
];

const isComment = (line: string): boolean => /^\s*([#;]|$)/.test(line);

/** What the fields of a line are, if it is an entry or one that was commented out. */
function isInetdLine(line: string): boolean {
  const fields = line
    .replace(/^[#\s]*(<off>[#\s]*)?/, '')
    .trim()
    .split(/[ \t]+/);
  const isNetbsd = /^(on|off)$/.test(fields[1] ?? '') && (fields.length === 2 || line.includes('='));
  return (
    isEntryShaped(fields) || (!isComment(line) && (isNetbsd || (fields.length > 3 && hasSocketType(fields))))
  );
}

/** Each is true of lines that only its format has; the first that fits counts. */
const BY_CONTENT: readonly (readonly [FormatName, (text: string, lines: readonly string[]) => boolean])[] = [
  ['launchd', (text) => /^(\uFEFF?\s*<(\?xml|!DOCTYPE plist|plist)\b|bplist\d\d)/.test(text)],
  ['systemd', (_, lines) => lines.some((line) => /^\[(Unit|Socket|Service|Install)\]\s*$/.test(line))],
  ['rlinetd', (text) => /^[ \t]*(service|defaults)\b[^\n{;]*("[^"]*")?\s*\{[^}]*;/m.test(text)],
  [
    'xinetd',
    // Lines between are taken one at a time: with `\s*`, which has ends of lines as well, twenty of them take a second (S109).
    (text) =>
      /^[ \t]*(service[ \t]+\S+|defaults)[ \t\r]*\n([ \t\r]*(#[^\n]*)?\n)*[ \t]*\{[ \t\r]*$/m.test(text),
  ],
  ['xinetd', (_, lines) => lines.length > 0 && lines.every((line) => /^\s*include(dir)?[ \t]+\//.test(line))],
  ['inetd', (text) => text.split('\n').some(isInetdLine)],
  ['native', (_, lines) => lines.some((line) => /^(version\s*:\s*1|services\s*:)\s*(#.*)?$/.test(line))],
  ['tcprules', (text) => /^#!/.test(text) && /\b(tcpserver|sslserver|tcpsvd|s6-tcpserver)\b/.test(text)],
  ['tcprules', (_, lines) => lines.some((line) => /^\S*[:\t ](allow|deny)(,|$)/.test(line))],
  ['hosts_access', (_, lines) => lines.some((line) => /^[A-Za-z][\w.@, -]*\s*:\s*\S/.test(line))],
];

/**
 * What a file is written in, by its text, else by its name, so that a file under a foreign name is read as what it is;
 * undefined where neither tells.
 */
export function detectFormat(path: string, text: string): FormatName | undefined {
  const beginning = text.slice(0, MOST_CHARACTERS);
  const lines = beginning.split(/\r?\n/).filter((line) => !isComment(line));
  const byContent = BY_CONTENT.find(([, fits]) => fits(beginning, lines))?.[0];
  return byContent ?? BY_NAME.find(([pattern]) => pattern.test(basename(path)))?.[1];
}
