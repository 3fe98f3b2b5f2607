/** A piece of a logical line, and where it begins. */
export interface Token {
  readonly text: string;
  readonly offset: number;
}

/** The words of a list of daemons or clients. */
export function tokensOf(list: Token): readonly Token[] {
  return Array.from(list.text.matchAll(/[^, \t\r\n]+/g), (match) => ({
    text: match[0],
    offset: list.offset + match.index,
  }));
}

/** Cuts at the first `delimiter` that is not in brackets, as tcp_wrappers does for IPv6 addresses. */
export function splitAt(token: Token, delimiter: string): readonly [Token, Token] | undefined {
  let depth = 0;
  for (let index = 0; index < token.text.length; index++) {
    const character = token.text[index];
    if (character === '[') depth++;
    else if (character === ']') depth--;
    else if (depth === 0 && character === delimiter) return cutAt(token, index);
  }
  return undefined;
}

function cutAt(token: Token, index: number): readonly [Token, Token] {
  return [
    { text: token.text.slice(0, index), offset: token.offset },
    { text: token.text.slice(index + 1), offset: token.offset + index + 1 },
  ];
}

/** `who` and `host` of `who@host`; the first character is never the delimiter, so `@netgroup` has no `who`. */
export function splitHost(token: Token): readonly [Token, Token] | undefined {
  const rest = splitAt({ text: token.text.slice(1), offset: token.offset + 1 }, '@');
  if (rest === undefined) return undefined;
  const [who, host] = rest;
  return [{ text: `${token.text.slice(0, 1)}${who.text}`, offset: token.offset }, host];
}
