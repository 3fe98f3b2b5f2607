import { SaxesParser } from 'saxes';
import type { Place, Source } from '../../config/source.ts';

/** Why a text is no XML that is read. */
export interface XmlFault {
  readonly at: Place;
  readonly reason: string;
  readonly kind: 'syntax' | 'doctype' | 'encoding';
}

/** Who takes what a document is made of; each tells what cannot be, and then nothing more is read. */
export interface XmlVisitor {
  open(name: string, place: Place, hasAttributes: boolean): string | undefined;
  /** With character references and the five entities of XML put in; no others are known. */
  text(text: string, place: Place): string | undefined;
  close(place: Place): string | undefined;
}

class Stop extends Error {
  readonly fault: XmlFault;

  constructor(fault: XmlFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

/** A message of the parser without what ours say themselves. */
function reasonOf({ message }: Error): string {
  return message.replace(/^(?:[^:\n]*:)?[0-9]+:[0-9]+: /, '').replace(/\.$/, '');
}

/** Where the parser is in a text, and what it has read since it told something. */
class Track {
  readonly #source: Source;
  readonly #parser: SaxesParser;
  #from = 0;

  constructor(source: Source, parser: SaxesParser) {
    this.#source = source;
    this.#parser = parser;
  }

  /** What was just read; a text ends before the "<" that ends it. */
  take(behind = 0): Place {
    const end = Math.max(this.#from, Math.min(this.#source.text.length, this.#parser.position - behind));
    const place = { source: this.#source, start: this.#from, end };
    this.#from = end;
    return place;
  }

  get here(): Place {
    const end = Math.max(1, Math.min(this.#source.text.length, this.#parser.position));
    return { source: this.#source, start: end - 1, end };
  }

  stop(kind: XmlFault['kind'], reason: string, at: Place = this.here): never {
    throw new Stop({ at, reason, kind });
  }
}

const HALVES = /\p{Surrogate}/gu;
const UNICODE = /^(?:utf-8|us-ascii)$/i;

/** A document type is named, and never fetched; entities of its own would be able to multiply a text without end (S102). */
function refuseSubset(parser: SaxesParser, track: Track): void {
  parser.on('doctype', (text) => {
    const at = track.take();
    if (text.includes('[')) track.stop('doctype', 'it declares entities or elements of its own', at);
  });
  parser.on('xmldecl', ({ encoding }) => {
    const at = track.take();
    if (encoding === undefined || UNICODE.test(encoding)) return;
    if (/[^\x00-\x7f]/.test(at.source.text)) track.stop('encoding', `it is declared as "${encoding}"`, at);
  });
}

function visit(parser: SaxesParser, track: Track, visitor: XmlVisitor): void {
  const tell = (at: Place, call: (at: Place) => string | undefined): void => {
    const reason = call(at);
    if (reason !== undefined) track.stop('syntax', reason, at);
  };
  parser.on('opentag', ({ name, attributes }) => {
    tell(track.take(), (at) => visitor.open(name, at, Object.keys(attributes).length > 0));
  });
  // An empty element has nothing between its ends.
  parser.on('closetag', () => tell(track.take(), (at) => visitor.close(at)));
  parser.on('text', (text) => tell(track.take(1), (at) => visitor.text(text, at)));
  parser.on('cdata', (text) => tell(track.take(), (at) => visitor.text(text, at)));
  for (const name of ['comment', 'processinginstruction'] as const) parser.on(name, () => void track.take());
  parser.on('error', (error) => track.stop('syntax', reasonOf(error)));
}

/** Reads a document from beginning to end, in one pass; the first fault ends it. */
export function readXml(source: Source, visitor: XmlVisitor): XmlFault | undefined {
  const parser = new SaxesParser();
  const track = new Track(source, parser);
  refuseSubset(parser, track);
  visit(parser, track, visitor);
  try {
    // The parser has no number for half of a character, which no file of UTF-8 has.
    parser.write(source.text.replace(HALVES, '\ufffd')).close();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.fault;
    throw error;
  }
}
