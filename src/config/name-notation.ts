import { itemAt } from '../model/item-at.ts';
import type { NotationFault } from './notation-fault.ts';

/** An entry that is no address. */
export type NameEntry =
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'domain'; readonly suffix: string }
  | { readonly kind: 'network'; readonly name: string };

const MOST_NAME = 253;
const MOST_LABEL = 63;
/** Letters, digits and hyphens, and the underscore that names in the wild have. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i;
const NUMBER = /^([0-9]+|0x[0-9a-f]*)$/i;

function labelFault(label: string): NotationFault | undefined {
  if (label === '') return { reason: 'a label of the name is empty' };
  if (label.length > MOST_LABEL) return { reason: `a label of a name has at most ${MOST_LABEL} characters` };
  return LABEL.test(label) ? undefined : { reason: 'it is neither an address nor a name' };
}

/** Programs that take such a text for an address exist; it never is one in a rule that names a host (S43, S51). */
function looksLikeAddress(labels: readonly string[]): boolean {
  return NUMBER.test(itemAt(labels, -1));
}

/** Reads a host name, a `.domain`, or the single word that is a name of networks(5). */
export function parseName(text: string): NameEntry | NotationFault {
  const isDomain = text.startsWith('.');
  const isAbsolute = text.endsWith('.');
  const name = text.slice(isDomain ? 1 : 0, isAbsolute ? -1 : undefined);
  if (name.length > MOST_NAME) return { reason: `a name has at most ${MOST_NAME} characters` };
  const labels = name.split('.');
  const fault = labels.map(labelFault).find((it) => it !== undefined);
  if (fault) return fault;
  if (looksLikeAddress(labels)) {
    return { reason: 'it looks like an address and is not one: an IPv4 address has four decimal octets' };
  }
  if (isDomain) return { kind: 'domain', suffix: `.${name.toLowerCase()}` };
  // networks(5) tells capitals from small letters.
  if (labels.length === 1 && !isAbsolute) {
    return { kind: 'network', name };
  }
  return { kind: 'host', name: name.toLowerCase() };
}
