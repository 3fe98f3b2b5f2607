import {
  alternativeNameKey,
  fingerprintKey,
  NAME_KINDS,
  type NameKind,
  subjectKey,
} from '../model/client-certificate.ts';
import { isKnownType, parseDistinguishedName } from '../model/distinguished-name.ts';
import type { NotationFault } from './notation-fault.ts';

const MOST_CHARACTERS = 1024;
const FINGERPRINT = /^sha256:([0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31})$/;
const SAN = /^san:([^:]*):(.*)$/s;

const LABEL = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
/** What a value of each kind looks like; whether an address is one, its parser says. */
const FORMS: Readonly<Record<NameKind, { readonly pattern: RegExp; readonly reason: string }>> = {
  dns: { pattern: new RegExp(`^${LABEL}(\\.${LABEL})*$`), reason: '"san:dns:" takes one host name' },
  ip: { pattern: /^[0-9A-Fa-f.:]+$/, reason: '"san:ip:" takes one address' },
  email: { pattern: /^[\x21-\x7e]+@[\x21-\x7e]+$/, reason: '"san:email:" takes one address of mail' },
  uri: { pattern: /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/, reason: '"san:uri:" takes one URI' },
};

const SUBJECT_HELP =
  'write it as "openssl x509 -noout -subject -nameopt RFC2253" prints it: "CN=alice,O=Example"';

function parseSan(text: string): { readonly key: string } | NotationFault {
  const [, kind = '', value = ''] = SAN.exec(text) ?? [];
  if (!Object.hasOwn(NAME_KINDS, kind))
    return { reason: 'names are "san:dns:", "san:ip:", "san:email:" and "san:uri:"' };
  const name = kind as NameKind;
  const { pattern, reason } = FORMS[name];
  const key = pattern.test(value) ? alternativeNameKey(name, value) : undefined;
  return key === undefined ? { reason } : { key };
}

/** A subject as a whole: its end alone would be that of many. */
function parseSubject(text: string): { readonly key: string } | NotationFault {
  const name = parseDistinguishedName(text);
  if (!name) return { reason: 'it is no subject, "san:" and no "sha256:"', help: SUBJECT_HELP };
  const parts = name.flat();
  const unknown = parts.find(([type]) => !isKnownType(type));
  if (unknown) return { reason: `"${unknown[0]}" is no type of a subject`, help: SUBJECT_HELP };
  // What stands for bytes that are no text must not be equal to them.
  if (parts.some(([, value]) => value === '' || value.startsWith('#') || value.includes('\ufffd')))
    return { reason: 'a value is empty, or no text', help: SUBJECT_HELP };
  return { key: subjectKey(name) };
}

/** An entry of `clients`, as what certificates are looked through for. */
export function parseClientNotation(text: string): { readonly key: string } | NotationFault {
  if (text.length > MOST_CHARACTERS)
    return { reason: `the text is longer than ${MOST_CHARACTERS} characters` };
  if (text.startsWith('san:')) return parseSan(text);
  if (!text.startsWith('sha256:')) return parseSubject(text);
  if (FINGERPRINT.test(text)) return { key: fingerprintKey(text.slice('sha256:'.length)) };
  return { reason: '"sha256:" takes 64 hexadecimal digits, with colons between all bytes or none' };
}
