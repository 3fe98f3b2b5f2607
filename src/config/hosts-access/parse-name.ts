import { matchesGlob } from '../../model/glob.ts';
import type { NamePattern } from '../../model/hosts-rules.ts';

/** The kind of a text of letters, digits and the few signs of names, already in lower case. */
export function namePattern(text: string): NamePattern {
  if (/[*?]/.test(text)) return { kind: 'name-glob', glob: text };
  if (text.startsWith('.')) return { kind: 'domain', suffix: text };
  if (text.endsWith('.')) return { kind: 'name-prefix', prefix: text };
  return { kind: 'name', name: text };
}

/** `*` and `**`, which tcp_wrappers matches with whatever there is. */
export function isAllStars(text: string): boolean {
  return /^\*+$/.test(text);
}

/**
 * Whether a shape could fit names and addresses alike, or the words that tcp_wrappers puts in place of a name
 * that it does not know. IPv6 addresses are hexadecimal digits and colons, and no shape holds a colon.
 */
export function isAmbiguousGlob(text: string): boolean {
  return /^[0-9a-f*?]+$/.test(text) || ['unknown', 'paranoid'].some((word) => matchesGlob(word, text));
}
