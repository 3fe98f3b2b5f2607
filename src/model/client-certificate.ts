import { parseAddress } from './address.ts';
import { type AlternativeName, parseAlternativeNames } from './alternative-names.ts';
import { type DistinguishedName, nameKey, parseDistinguishedName } from './distinguished-name.ts';
import type { Rule } from './rule.ts';

/** An entry of `clients`: whose certificate has this among its keys. */
export interface ClientRule extends Rule {
  readonly key: string;
}

/** What a client has shown in its handshake, and the handshake has found to be true. */
export type ClientCertificate =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'shown';
      /** As of RFC 4514. */
      readonly subject: string;
      /** All that a rule can name it by. */
      readonly keys: readonly string[];
    };

/** Of X509Certificate. */
export interface CertificateTexts {
  readonly subject: string | undefined;
  readonly subjectAltName: string | undefined;
  /** Hexadecimal digits with colons. */
  readonly fingerprint256: string;
}

/** The names by which rules know a certificate besides its subject, and Node's words for them. */
export const NAME_KINDS = { dns: 'DNS', ip: 'IP Address', email: 'email', uri: 'URI' } as const;

export type NameKind = keyof typeof NAME_KINDS;

/** Of letters of ASCII alone: others have lower forms that are letters of ASCII. */
function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Undefined where the value is none of its kind. */
export function alternativeNameKey(kind: NameKind, value: string): string | undefined {
  if (kind === 'dns') return `dns:${lowerCase(value)}`;
  if (kind !== 'ip') return `${kind}:${value}`;
  const bytes = parseAddress(value);
  return bytes && `ip:${Buffer.from(bytes).toString('hex')}`;
}

export function subjectKey(name: DistinguishedName): string {
  return `subject:${nameKey(name)}`;
}

export function fingerprintKey(digits: string): string {
  return `sha256:${lowerCase(digits.replaceAll(':', ''))}`;
}

/** Node has a line for each part of the name, the most general first, each escaped as RFC 4514 says. */
export function distinguishedName(lines: string | undefined): string {
  const parts = (lines ?? '').split('\n').toReversed();
  return parts.map((part) => part.replaceAll(' + ', '+')).join(',');
}

function keysOfName({ kind, value }: AlternativeName): readonly string[] {
  const kinds = Object.keys(NAME_KINDS) as NameKind[];
  const known = kinds.find((name) => NAME_KINDS[name] === kind);
  const key = known && alternativeNameKey(known, value);
  return key === undefined ? [] : [key];
}

/** What does not read as a name has no key, so that no rule is about it. */
export function clientCertificate({
  subject: lines,
  subjectAltName,
  fingerprint256,
}: CertificateTexts): ClientCertificate {
  const subject = distinguishedName(lines);
  const name = parseDistinguishedName(subject);
  const names = parseAlternativeNames(subjectAltName).flatMap(keysOfName);
  const keys = [...(name ? [subjectKey(name)] : []), ...names, fingerprintKey(fingerprint256)];
  return { kind: 'shown', subject, keys };
}
