import { REFUSAL_TEXTS } from '../model/refusal-reason.ts';
import { MOST_REFUSAL_BYTES, type RefusalField, type RefusalTemplate } from '../model/refusal-text.ts';
import { quote } from './quote.ts';

/** Why the text cannot be sent to refused clients. */
export interface RefusalTemplateFault {
  readonly reason: string;
  readonly help: string | undefined;
}

const FIELDS: ReadonlyMap<string, RefusalField> = new Map([
  ['%a', 'address'],
  ['%s', 'service'],
  ['%r', 'reason'],
]);

/** The longest that each can be: eight groups of IPv6, the name of a service, a reason. */
const MOST_BYTES: Readonly<Record<RefusalField, number>> = {
  address: 39,
  service: 64,
  reason: Math.max(...Object.values(REFUSAL_TEXTS).map((text) => text.length)),
};

/** A directive, an odd percent sign, or the text between. */
const PART = /%[asr%]|%.?|[^%]+/gsu;

function mostBytes(template: RefusalTemplate): number {
  const sizes = template.map((part) =>
    typeof part === 'string' ? Buffer.byteLength(part) : MOST_BYTES[part.field],
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Reads a text with `%a` (address of the client), `%s` (service), `%r` (reason) and `%%`. */
export function parseRefusalTemplate(text: string): RefusalTemplate | RefusalTemplateFault {
  if (text === '') return { reason: 'the text is empty', help: undefined };
  const parts = text.match(PART) ?? [];
  const odd = parts.find((part) => part.startsWith('%') && part !== '%%' && !FIELDS.has(part));
  if (odd !== undefined) {
    const help = '%a is the address of the client, %s the service, %r the reason, %% a percent sign';
    return { reason: `${quote(odd)} stands for nothing`, help };
  }
  const template = parts.map((part) => {
    const field = FIELDS.get(part);
    return field ? { field } : part === '%%' ? '%' : part;
  });
  if (mostBytes(template) <= MOST_REFUSAL_BYTES) return template;
  return { reason: `it may come to more than ${MOST_REFUSAL_BYTES} bytes`, help: undefined };
}
