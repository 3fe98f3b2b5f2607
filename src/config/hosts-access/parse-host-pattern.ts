import type { HostKeyword } from '../../model/hosts-rules.ts';
import { parseBareIpv6 } from './bare-ipv6.ts';
import { isAllStars, isAmbiguousGlob, namePattern } from './parse-name.ts';
import { type Parsed, parseIpv4, parseIpv4Network, parseIpv4Prefix, parseIpv6 } from './parse-network.ts';

const KEYWORDS: ReadonlySet<string> = new Set([
  'known',
  'unknown',
  'local',
  'paranoid',
] satisfies HostKeyword[]);

const NO_HOST: Parsed = { code: 'hosts/bad-pattern', reason: 'no name or address is written like this' };

function isKeyword(text: string): text is HostKeyword {
  return KEYWORDS.has(text);
}

function parseGlob(text: string): Parsed {
  if (isAllStars(text)) return { pattern: { kind: 'all' } };
  if (/[/[\]]/.test(text) || text.startsWith('.') || text.endsWith('.')) {
    const reason = 'tcp_wrappers never matches wildcards together with "/", "[", or a dot at an end';
    return { code: 'hosts/bad-pattern', reason };
  }
  if (!/^[a-z0-9_.*?-]+$/.test(text)) return NO_HOST;
  // A name such as 10.0.0.evil.example must not pass for an address (S43).
  if (/^[0-9.*?]+$/.test(text) && /\d/.test(text) && text.includes('.')) {
    return { pattern: { kind: 'address-glob', glob: text } };
  }
  if (isAmbiguousGlob(text) || /^[.*?]+$/.test(text)) {
    const reason = 'it could mean names, addresses and what stands for an unknown name';
    return {
      code: 'hosts/ambiguous-wildcard',
      reason,
      help: 'write the network, or the name with its domain',
    };
  }
  return { pattern: namePattern(text) };
}

function parseNumeric(text: string): Parsed {
  const parsed = parseIpv4(text) ?? parseIpv4Prefix(text);
  const reason = 'it is neither an IPv4 address nor the beginning of one that ends in a dot';
  return parsed ?? { code: 'hosts/bad-pattern', reason };
}

/** Reads the pattern of one host, except `@netgroup` and `/file`, which need to be looked up. */
export function parseHostPattern(written: string): Parsed {
  const text = written.toLowerCase();
  if (text === 'all') return { pattern: { kind: 'all' } };
  if (isKeyword(text)) return { pattern: { kind: text } };
  if (text.includes('#')) return { code: 'hosts/inline-comment', reason: 'a comment has a line of its own' };
  if (/[*?]/.test(text)) return parseGlob(text);
  const bracketed = parseIpv6(text);
  if (bracketed !== undefined) return bracketed;
  if (text.includes(':')) return parseBareIpv6(written);
  const slash = text.indexOf('/');
  if (slash !== -1) return parseIpv4Network(written.slice(0, slash), written.slice(slash + 1));
  if (/^[0-9.]+$/.test(text)) return parseNumeric(text);
  if (/^\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/.test(text) && !(text.startsWith('.') && text.endsWith('.'))) {
    return { pattern: namePattern(text) };
  }
  return NO_HOST;
}
