import type { HostsRule } from '../../model/hosts-rules.ts';
import { itemAt } from '../../model/item-at.ts';
import { quote } from '../quote.ts';
import { findBareIpv6 } from './bare-ipv6.ts';
import { dnsRemarks } from './dns-remarks.ts';
import { HostPatternParser } from './host-pattern-parser.ts';
import { HOSTS_CODES, type HostsProblem, type Remark, type Say } from './hosts-problem.ts';
import { type LogicalLine, logicalLines, placeIn } from './logical-line.ts';
import type { HostsLookups } from './lookups.ts';
import { parseDaemon } from './parse-daemon.ts';
import { parseList } from './parse-list.ts';
import { parseOptions } from './parse-options.ts';
import { splitAt, type Token } from './tokens.ts';

/** The text of hosts.allow or of hosts.deny. */
export interface HostsSource {
  readonly file: string;
  readonly table: 'allow' | 'deny';
  readonly text: string;
}

export interface ParsedHosts {
  /** Undefined when there is an error: a table with a rule less would be another policy (S56). */
  readonly rules: readonly HostsRule[] | undefined;
  readonly problems: readonly HostsProblem[];
}

interface Context {
  readonly source: HostsSource;
  readonly hosts: HostPatternParser;
}

const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Reads a table of tcp_wrappers, with all its problems. */
export function parseHostsAccess(source: HostsSource, lookups: HostsLookups): ParsedHosts {
  const context = { source, hosts: new HostPatternParser(lookups) };
  const rules: HostsRule[] = [];
  const problems: HostsProblem[] = [];
  for (const line of logicalLines(source.text)) {
    const say = (remark: Remark): undefined => void problems.push(problemOf(line, remark));
    const damage = damageOf(line);
    const rule = damage === undefined ? parseLine(line, { ...context, say }) : say(damage);
    if (rule !== undefined) rules.push(rule);
  }
  const isValid = problems.every(({ severity }) => severity !== 'error');
  return { rules: isValid ? rules : undefined, problems };
}

function problemOf(line: LogicalLine, { code, offset, message, help }: Remark): HostsProblem {
  return { code, severity: HOSTS_CODES[code], ...placeIn(line, offset), message, help };
}

/** Only `#` in the first column makes a comment, and only blanks of tcp_wrappers make an empty line. */
function isComment({ text }: LogicalLine): boolean {
  return text.startsWith('#') || /^[ \t\r]*$/.test(text);
}

function sayWhatItHides({ text, pieces }: LogicalLine, say: Say): undefined {
  const hidden = pieces.slice(1).find(({ offset }) => !/^[ \t\r]*(#|$)/.test(text.slice(offset)));
  if (hidden === undefined || !text.startsWith('#')) return;
  say({
    code: 'hosts/continued-comment',
    offset: hidden.offset,
    message: 'The line belongs to the comment before it, which ends in a backslash',
    help: 'take the backslash away, or begin this line with "#"',
  });
}

/**
 * What makes tcp_wrappers give up, even in a comment: in hosts.allow nothing from here on matches, in hosts.deny
 * everybody does.
 */
function damageOf(line: LogicalLine): Remark | undefined {
  if (!line.isEnded) {
    const message = 'Cannot use the last line: no newline ends it, and there tcp_wrappers gives up';
    return { code: 'hosts/missing-newline', offset: 0, message, help: 'end the file with a newline' };
  }
  if (line.isLong) {
    const message = 'Cannot use the line: it has more than 2,046 bytes, and there tcp_wrappers gives up';
    return {
      code: 'hosts/long-line',
      offset: 0,
      message,
      help: 'write several rules, or a file of patterns',
    };
  }
  // A NUL ends what tcp_wrappers sees of a line, its newline too.
  const control = (isComment(line) ? /\0/ : CONTROL).exec(line.text);
  if (control === null) return undefined;
  const message = `Cannot use the line: it holds the control character ${quote(control[0])}`;
  return { code: 'hosts/control-character', offset: control.index, message };
}

function parseLine(line: LogicalLine, options: Context & { readonly say: Say }): HostsRule | undefined {
  const { say } = options;
  if (isComment(line)) return sayWhatItHides(line, say);
  const fields = splitAt({ text: line.text, offset: 0 }, ':');
  if (fields === undefined) {
    const message = `Cannot read ${quote(line.text.trim())}: no colon ends the list of daemons`;
    return say({ code: 'hosts/missing-separator', offset: 0, message });
  }
  const bare = [...findBareIpv6({ text: line.text, offset: 0 }), ...findBareIpv6(fields[1])];
  if (bare.length > 0) {
    for (const remark of new Map(bare.map((it) => [it.message, it])).values()) say(remark);
    return undefined;
  }
  const rule = parseRule(fields, { ...options, line });
  if (rule !== undefined) for (const remark of dnsRemarks(rule, fields[1].offset)) say(remark);
  return rule;
}

function parseRule(
  [daemonList, rest]: readonly [Token, Token],
  options: Context & { readonly say: Say; readonly line: LogicalLine },
): HostsRule | undefined {
  const { say, hosts, source, line } = options;
  const [clientList, optionFields] = splitAt(rest, ':') ?? [rest, undefined];
  const daemons = parseList(daemonList, { say, parse: (token) => parseDaemon(token, { say, hosts }) });
  const clients = parseList(clientList, { say, parse: (token) => hosts.parseClient(token, say) });
  const parsed = optionFields && parseOptions(optionFields, say);
  if (daemons === undefined || clients === undefined) return undefined;
  if (optionFields !== undefined && parsed === undefined) return undefined;
  return {
    file: source.file,
    line: itemAt(line.pieces, 0).line,
    text: line.text.trim(),
    grants: parsed?.grants ?? source.table === 'allow',
    daemons,
    clients,
    options: parsed?.options ?? [],
  };
}
