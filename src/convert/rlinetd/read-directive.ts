import type { Place } from '../../config/source.ts';
import type { Directive } from './directive.ts';
import { spanning, type Token } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';

/** Why the text is none that rlinetd reads; what was begun ends with it. */
export interface SyntaxFault {
  readonly at: Place;
  readonly reason: string;
}

/** A service, a `tcpd` and what it does: nothing is deeper. */
const MOST_BRACES = 4;

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}

function missing(what: string, begun: Token, { openQuote }: TokenCursor): SyntaxFault {
  if (openQuote) return { at: openQuote, reason: 'nothing ends the text that begins here' };
  return { at: begun.place, reason: `${what} is missing behind it` };
}

function readBlock(name: Token, cursor: TokenCursor): readonly Directive[] | SyntaxFault {
  if (cursor.depth > MOST_BRACES) return { at: cursor.last, reason: 'no brace can be open here' };
  const directives: Directive[] = [];
  for (let token = cursor.next(); !isMark(token, '}'); token = cursor.next()) {
    if (!token) return missing('"}"', name, cursor);
    if (isMark(token, ';')) continue;
    const directive = readDirective(token, cursor);
    if ('reason' in directive) return directive;
    directives.push(directive);
  }
  return directives;
}

/** What begins with `name`, which is read already. */
export function readDirective(name: Token, cursor: TokenCursor): Directive | SyntaxFault {
  if (name.kind !== 'word') return { at: name.place, reason: 'the name of a directive must stand here' };
  const values: Token[] = [];
  const end = (block: Directive['block']): Directive => {
    return { name, values, block, place: spanning(name.place, cursor.last) };
  };
  for (let token = cursor.next(); token; token = cursor.next()) {
    if (isMark(token, ';')) return end(undefined);
    if (isMark(token, '}')) break;
    if (isMark(token, '{')) {
      const block = readBlock(name, cursor);
      return 'reason' in block ? block : end(block);
    }
    values.push(token);
  }
  return missing('";"', name, cursor);
}
