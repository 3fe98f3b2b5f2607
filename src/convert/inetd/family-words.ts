import type { Source } from '../../config/source.ts';
import { isEntryShaped } from './entry-shape.ts';
import type { Word } from './word.ts';

/** Where a file says `tcp` or `tcp6`, so that its dialect matters. */
export interface FamilyWords {
  /** The first `tcp` or `udp` of a service that listens everywhere, or on a name. */
  readonly plain: Word | undefined;
  readonly six: Word | undefined;
  /** One service has both. */
  readonly arePaired: boolean;
}

const PROTOCOL = /^(tcp|udp)([46]?)(?:,.*)?$/s;
/** With an address before it the family is not in question. */
const ADDRESS = /^(\[.*\]|[0-9.,]+|[0-9A-Fa-f:]+)$/s;
const MOST_CHARACTERS = 1024;
/** No entry is shorter. */
const LEAST_CHARACTERS = 16;

function hasAddress(service: string): boolean {
  const colon = service.lastIndexOf(':');
  return colon !== -1 && ADDRESS.test(service.slice(0, colon));
}

interface Found {
  readonly word: Word;
  readonly digit: string;
  readonly key: string;
}

function findIn(source: Source, start: number): Found | undefined {
  const nextLine = source.text.indexOf('\n', start);
  const end = Math.min(nextLine === -1 ? source.text.length : nextLine, start + MOST_CHARACTERS);
  if (end - start < LEAST_CHARACTERS) return undefined;
  const line = source.text.slice(start, end);
  const fields = line.trim().split(/[ \t]+/);
  const [service = '', , protocol = ''] = fields;
  const [, kind, digit = ''] = PROTOCOL.exec(protocol) ?? [];
  if (kind === undefined || line.startsWith('#') || !isEntryShaped(fields) || hasAddress(service))
    return undefined;
  const at = start + (/^\s*\S+\s+\S+\s+/.exec(line)?.[0].length ?? 0);
  const text = `${kind}${digit}`;
  const word = { text, isLiteral: true, place: { source, start: at, end: at + text.length } };
  return { word, digit, key: `${kind} ${service}` };
}

export function findFamilyWords(sources: readonly Source[]): FamilyWords {
  const found = sources.flatMap((source) =>
    source.lineStarts.map((start) => findIn(source, start)).filter((each) => each !== undefined),
  );
  const six = found.filter(({ digit }) => digit === '6');
  const others = new Set(found.filter(({ digit }) => digit !== '6').map(({ key }) => key));
  return {
    plain: found.find(({ digit }) => digit === '')?.word,
    six: six[0]?.word,
    arePaired: six.some(({ key }) => others.has(key)),
  };
}
