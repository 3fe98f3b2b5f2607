import { escapeText } from './escape.ts';

/** More is no text for a client that is turned away, and might not fit into the socket at once (S96). */
export const MOST_REFUSAL_BYTES = 1024;

export type RefusalField = 'address' | 'service' | 'reason';

/** What a refused client is told: text as it is, and fields that are filled in. Plain data. */
export type RefusalTemplate = readonly (string | { readonly field: RefusalField })[];

export type RefusalValues = Readonly<Record<RefusalField, string>>;

/**
 * The bytes for one client. Values are 0x20 to 0x7E, whatever they hold (S116); what does not fit is left out,
 * which a template that was parsed never comes to.
 */
export function renderRefusalText(template: RefusalTemplate, values: RefusalValues): Uint8Array {
  const text = template.map((part) => (typeof part === 'string' ? part : escapeText(values[part.field])));
  return new TextEncoder().encode(text.join('')).subarray(0, MOST_REFUSAL_BYTES);
}
