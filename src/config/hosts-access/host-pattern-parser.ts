import type { HostPattern } from '../../model/hosts-rules.ts';
import { quote } from '../quote.ts';
import type { Remark, Say } from './hosts-problem.ts';
import type { HostsLookups } from './lookups.ts';
import { parseHostPattern } from './parse-host-pattern.ts';
import { splitHost, type Token } from './tokens.ts';

/** Patterns are compared one by one, so that each costs every connection something. */
const MOST_PATTERNS = 16_384;

/** Reads the patterns of hosts of one file of rules, and those of the files and netgroups that it names. */
export class HostPatternParser {
  readonly #lookups: HostsLookups;
  #count = 0;

  constructor(lookups: HostsLookups) {
    this.#lookups = lookups;
  }

  /** One word of a list of clients; undefined when something is wrong with it, which was said. */
  parseClient(token: Token, say: Say): HostPattern | undefined {
    if (splitHost(token) === undefined) return this.parseHost(token, say);
    return say({
      code: 'hosts/ident',
      offset: token.offset,
      message: `Cannot use ${quote(token.text)}: the name of a user comes from the client and proves nothing`,
      help: 'write the host alone',
    });
  }

  /** A host, without `user@` or `daemon@` before it. */
  parseHost(token: Token, say: Say): HostPattern | undefined {
    if (token.text.startsWith('@')) return this.#netgroup(token, say);
    if (token.text.startsWith('/')) return this.#file(token, say);
    return this.#plain(token, say);
  }

  #plain(token: Token, say: Say): HostPattern | undefined {
    const parsed = parseHostPattern(token.text);
    if ('pattern' in parsed) return this.#counted(parsed.pattern, { token, say });
    const message = `Cannot use ${quote(token.text)}: ${parsed.reason}`;
    return say({ code: parsed.code, offset: token.offset, message, help: parsed.help });
  }

  #counted(pattern: HostPattern, { token, say }: { token: Token; say: Say }): HostPattern | undefined {
    this.#count++;
    if (this.#count <= MOST_PATTERNS) return pattern;
    if (this.#count === MOST_PATTERNS + 1) {
      say({
        code: 'hosts/too-many-patterns',
        offset: token.offset,
        message: `Cannot use the rules: there are more than ${MOST_PATTERNS} patterns of hosts`,
        help: 'put long lists of addresses into "only_from" or "no_access"',
      });
    }
    return undefined;
  }

  #netgroup(token: Token, say: Say): HostPattern | undefined {
    const name = token.text.slice(1);
    const refuse = (remark: Omit<Remark, 'offset' | 'message'> & { reason: string }): undefined => {
      const { reason, ...rest } = remark;
      say({ ...rest, offset: token.offset, message: `Cannot use netgroup ${quote(name)}: ${reason}` });
    };
    const hosts = name === '' ? undefined : this.#lookups.netgroup(name);
    if (hosts === undefined || hosts.length === 0) {
      return refuse({ code: 'hosts/unknown-netgroup', reason: 'no such netgroup has a host' });
    }
    if (hosts.includes('')) {
      const help = 'write "ALL" if that is meant';
      return refuse({
        code: 'hosts/open-netgroup',
        reason: 'an entry without a host means every host',
        help,
      });
    }
    const pattern = { kind: 'netgroup', name, hosts: hosts.map((host) => host.toLowerCase()) } as const;
    return this.#counted(pattern, { token, say });
  }

  /** tcp_wrappers takes a file that is missing for one without patterns; what cannot be read fails here (S44). */
  #file(token: Token, say: Say): HostPattern | undefined {
    const path = token.text;
    const text = this.#lookups.readPatterns(path);
    if (text === undefined) {
      const message = `Cannot read the patterns of ${quote(path)}`;
      const help = 'an empty file has no patterns';
      return say({ code: 'hosts/unreadable-file', offset: token.offset, message, help });
    }
    const words = wordsOf(text);
    const patterns = words.map((word) => this.#inFile(word, (remark) => say(within(remark, token))));
    const read = patterns.filter((pattern) => pattern !== undefined);
    return read.length < words.length ? undefined : { kind: 'file', path, patterns: read };
  }

  /** tcp_wrappers knows neither comments nor EXCEPT nor commas in such a file, and would look for hosts so named. */
  #inFile(word: Token, say: Say): HostPattern | undefined {
    if (word.text.startsWith('/')) {
      const message = `Cannot use ${quote(word.text)}: a file of patterns cannot name another`;
      return say({ code: 'hosts/nested-file', offset: word.offset, message });
    }
    if (word.text.toUpperCase() === 'EXCEPT') {
      const message = 'Cannot use "EXCEPT": a file of patterns has no exceptions';
      return say({ code: 'hosts/bad-pattern', offset: word.offset, message, help: 'put it into the rule' });
    }
    return this.parseHost(word, say);
  }
}

function wordsOf(text: string): readonly Token[] {
  return Array.from(text.matchAll(/[^ \t\n\v\f\r]+/g), (match) => ({ text: match[0], offset: match.index }));
}

/** The place of a remark about a file of patterns is the word that names the file. */
function within(remark: Remark, token: Token): Remark {
  return { ...remark, offset: token.offset, message: `${remark.message}, in ${quote(token.text)}` };
}
