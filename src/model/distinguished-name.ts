/** A type and its value. */
export type NamePart = readonly [type: string, value: string];

/** As RFC 4514 writes it, the most specific first; each with all its parts, mostly one. */
export type DistinguishedName = readonly (readonly NamePart[])[];

/** What OpenSSL calls types by, without regard to case, and their numbers. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ...([
    ['cn', '2.5.4.3'],
    ['sn', '2.5.4.4'],
    ['serialnumber', '2.5.4.5'],
    ['c', '2.5.4.6'],
    ['l', '2.5.4.7'],
    ['st', '2.5.4.8'],
    ['street', '2.5.4.9'],
    ['o', '2.5.4.10'],
    ['ou', '2.5.4.11'],
    ['title', '2.5.4.12'],
    ['description', '2.5.4.13'],
    ['businesscategory', '2.5.4.15'],
    ['postalcode', '2.5.4.17'],
    ['name', '2.5.4.41'],
    ['gn', '2.5.4.42'],
    ['initials', '2.5.4.43'],
    ['generationqualifier', '2.5.4.44'],
    ['dnqualifier', '2.5.4.46'],
    ['pseudonym', '2.5.4.65'],
    ['organizationidentifier', '2.5.4.97'],
    ['uid', '0.9.2342.19200300.100.1.1'],
    ['dc', '0.9.2342.19200300.100.1.25'],
    ['emailaddress', '1.2.840.113549.1.9.1'],
  ] as const),
]);

const TYPE = / *([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)+)=/y;
/** A byte as two digits, a character that would mean something, or one that means itself. */
const PIECE = /\\([0-9A-Fa-f]{2})|\\([ #+,;<=>"\\])|([^\\,+"<>;\p{Cc}])/uy;
const SPACES = / */y;

/** The number of a type, which has several names; as it is where nobody here knows it. */
function numberOf(type: string): string {
  const name = type.toLowerCase();
  return NUMBERS.get(name) ?? name;
}

/** Whether it is a number, or a name that OpenSSL has one for. */
export function isKnownType(type: string): boolean {
  return /^[0-9]/.test(numberOf(type));
}

/** Reads a text from the left; `at` is where it is. */
class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isDone(): boolean {
    return this.at >= this.#text.length;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found) this.at = pattern.lastIndex;
    return found ?? undefined;
  }

  takeOneOf(characters: string): string | undefined {
    const next = this.#text[this.at];
    if (next === undefined || !characters.includes(next)) return undefined;
    this.at++;
    return next;
  }
}

/** Undefined for bytes that are no UTF-8. */
function decode(bytes: readonly number[]): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** Spaces at both ends are no part of it, unless they are escaped. */
function readValue(reader: Reader): string | undefined {
  reader.take(SPACES);
  const bytes: number[] = [];
  let length = 0;
  for (let piece = reader.take(PIECE); piece; piece = reader.take(PIECE)) {
    const [, digits, escaped, plain = ''] = piece;
    if (digits !== undefined) bytes.push(Number.parseInt(digits, 16));
    else bytes.push(...new TextEncoder().encode(escaped ?? plain));
    if (plain !== ' ') length = bytes.length;
  }
  return decode(bytes.slice(0, length));
}

function readPart(reader: Reader): NamePart | undefined {
  const [, type] = reader.take(TYPE) ?? [];
  const value = type === undefined ? undefined : readValue(reader);
  return type === undefined || value === undefined ? undefined : [type, value];
}

/** A text as of RFC 4514, with spaces about commas and plus signs as OpenSSL writes them; undefined: it is none. */
export function parseDistinguishedName(text: string): DistinguishedName | undefined {
  const reader = new Reader(text);
  const names: NamePart[][] = [];
  let separator: string | undefined = ',';
  while (separator !== undefined) {
    const part = readPart(reader);
    if (!part) return undefined;
    if (separator === ',') names.push([part]);
    else names.at(-1)?.push(part);
    separator = reader.takeOneOf(',+');
  }
  return reader.isDone ? names : undefined;
}

/** The same text for the same name, and for no other: the parts of each are a set, and types go by their numbers. */
export function nameKey(name: DistinguishedName): string {
  const sorted = name.map((parts) => parts.map(([type, value]) => JSON.stringify([numberOf(type), value])));
  return JSON.stringify(sorted.map((parts) => parts.toSorted()));
}
