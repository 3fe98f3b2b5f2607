import type { Source } from '../../config/source.ts';
import { commentEntry } from './comment-entry.ts';
import type { DialectName } from './dialect.ts';
import { hasSocketType } from './entry-shape.ts';

/** Where a dialect shows itself: a character of the file. */
export interface DialectSign {
  readonly dialect: DialectName;
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

interface Row {
  readonly dialect: DialectName;
  readonly field: number;
  readonly pattern: RegExp;
}

/** What only one of them has. */
const ROWS: readonly Row[] = [
  { dialect: 'freebsd', field: 3, pattern: /^(no)?wait\// },
  { dialect: 'freebsd', field: 2, pattern: /^(tcp\/ttcp|tcp\/faith|rpc\/(tcp|udp)46)$/ },
  { dialect: 'freebsd', field: 0, pattern: /^:[^:]*:[^:]*:[^:]*:\// },
  { dialect: 'freebsd', field: 4, pattern: /\// },
  { dialect: 'netbsd', field: 3, pattern: /^(no)?wait:/ },
  { dialect: 'netbsd', field: 1, pattern: /^(stream[,:]|(on|off)(#|$))/ },
  { dialect: 'netbsd', field: 2, pattern: /^faith\// },
  { dialect: 'gnu', field: 2, pattern: /^(tcp|udp)6only$/ },
  { dialect: 'solaris', field: 1, pattern: /^tli$/ },
  { dialect: 'solaris', field: 2, pattern: /^rpc\/(datagram_|circuit_|ti|\*)/ },
  { dialect: 'aix', field: 1, pattern: /^sunrpc_/ },
  { dialect: 'aix', field: 3, pattern: /^SRC$/ },
  { dialect: 'hpux', field: 1, pattern: /^xti$/ },
  { dialect: 'hpux', field: 3, pattern: /^swait$/ },
  { dialect: 'hpux', field: 0, pattern: /^rpc$/ },
];

/** What version control wrote at the top. */
const IDENT = /\$(FreeBSD|NetBSD|OpenBSD)[:$]/;

function signIn(fields: readonly string[]): DialectName | undefined {
  return ROWS.find(({ field, pattern }) => pattern.test(fields[field] ?? ''))?.dialect;
}

function signOfLine(line: string): DialectName | undefined {
  const fields = line.split(/[ \t]+/, 6);
  if (fields[0] === '.include') return 'netbsd';
  if (!hasSocketType(fields)) return undefined;
  return signIn(fields) ?? (/[ \t]\\$/.test(line) ? 'hpux' : undefined);
}

function signOfComment(comment: string): DialectName | undefined {
  const entry = commentEntry(comment);
  const ident = IDENT.exec(comment.slice(0, 200))?.[1]?.toLowerCase() as DialectName | undefined;
  return ident ?? (entry && signIn(entry));
}

/** The first sign of each dialect, those of entries before those of comments. */
export function detectDialect(source: Source): readonly DialectSign[] {
  const inEntries = new Map<DialectName, DialectSign>();
  const inComments = new Map<DialectName, DialectSign>();
  for (const [index, start] of source.lineStarts.entries()) {
    const nextStart = source.lineStarts[index + 1];
    const end = Math.min(nextStart === undefined ? source.text.length : nextStart - 1, start + 1024);
    const line = source.text.slice(start, end).trim();
    const isComment = line.startsWith('#');
    const dialect = isComment ? signOfComment(line) : signOfLine(line);
    const signs = isComment ? inComments : inEntries;
    if (dialect && !signs.has(dialect)) signs.set(dialect, { dialect, source, start, end });
  }
  return inEntries.size > 0 ? [...inEntries.values()] : [...inComments.values()].slice(0, 1);
}
