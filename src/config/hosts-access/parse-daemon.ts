import type { DaemonPattern, HostPattern } from '../../model/hosts-rules.ts';
import { quote } from '../quote.ts';
import type { HostPatternParser } from './host-pattern-parser.ts';
import type { Say } from './hosts-problem.ts';
import { isAllStars, namePattern } from './parse-name.ts';
import { splitHost, type Token } from './tokens.ts';

/** Words that mean something else beside a host, so that no daemon can be meant. */
const RESERVED: ReadonlySet<string> = new Set(['local', 'unknown', 'paranoid']);
const MOST_PORT = 65_535;

function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= MOST_PORT;
}

function problemOf(name: string): string | undefined {
  if (name.includes('#')) return 'a comment has a line of its own';
  if (/^\d+$/.test(name) && !isPort(name)) return 'a number is a port, from 1 to 65535';
  if (RESERVED.has(name)) return 'this word is about hosts';
  if (!/^[a-z0-9_.+~=*?-]+$/.test(name)) return 'no daemon is called this';
  if (/[*?]/.test(name) && (name.startsWith('.') || name.endsWith('.'))) {
    return 'tcp_wrappers never matches wildcards together with a dot at an end';
  }
  return undefined;
}

/** A name, or a port. */
function parseName(token: Token, say: Say): DaemonPattern | undefined {
  const name = token.text.toLowerCase();
  const reason = problemOf(name);
  if (reason !== undefined) {
    const code = name.includes('#') ? 'hosts/inline-comment' : 'hosts/bad-daemon';
    return say({
      code,
      offset: token.offset,
      message: `Cannot use ${quote(token.text)} as daemon: ${reason}`,
    });
  }
  if (isPort(name)) return { daemon: { kind: 'port', port: Number(name) }, at: undefined };
  // tcp_wrappers takes KNOWN for a daemon whose name is known, as it always is.
  const isAll = name === 'all' || name === 'known' || isAllStars(name);
  return { daemon: isAll ? { kind: 'all' } : namePattern(name), at: undefined };
}

function isAboutAddresses(pattern: HostPattern): boolean {
  if (pattern.kind === 'file') return pattern.patterns.every(isAboutAddresses);
  return ['all', 'network', 'address-glob'].includes(pattern.kind);
}

/** Reads `name` or `name@host`; undefined when something is wrong with it, which was said. */
export function parseDaemon(
  token: Token,
  options: { readonly say: Say; readonly hosts: HostPatternParser },
): DaemonPattern | undefined {
  const { say, hosts } = options;
  const parts = splitHost(token);
  if (parts === undefined) return parseName(token, say);
  const [name, host] = parts;
  const daemon = parseName(name, say);
  const at = hosts.parseHost(host, say);
  if (daemon === undefined || at === undefined) return undefined;
  if (isAboutAddresses(at)) return { ...daemon, at };
  return say({
    code: 'hosts/server-name',
    offset: host.offset,
    message: `Cannot use ${quote(host.text)} after "@": names of this machine are not looked up`,
    help: 'write its address',
  });
}
