/** One of the names that a certificate has besides its subject (RFC 5280, subjectAltName). */
export interface AlternativeName {
  /** As Node writes it, such as `DNS` or `IP Address`. */
  readonly kind: string;
  readonly value: string;
}

/** Node writes a text with anything in it that could be taken for more than a name as JSON does. */
const NAME = /([A-Za-z][A-Za-z ]*):(?:"((?:[^"\\]|\\.)*)"|([^",]*))(?:, (?=.)|$)/y;

/** Undefined where it is not JSON after all. */
function unquote(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return undefined;
  }
}

/** What X509Certificate has as `subjectAltName`; one that does not read as such a list has no name at all. */
export function parseAlternativeNames(text: string | undefined): readonly AlternativeName[] {
  const names: AlternativeName[] = [];
  let at = 0;
  while (text !== undefined && at < text.length) {
    NAME.lastIndex = at;
    const [whole, kind, quoted, plain] = NAME.exec(text) ?? [];
    const value = quoted === undefined ? plain : unquote(quoted);
    if (whole === undefined || kind === undefined || value === undefined) return [];
    names.push({ kind, value });
    at += whole.length;
  }
  return names;
}
