import type { PatternList } from '../../model/hosts-rules.ts';
import type { Say } from './hosts-problem.ts';
import { type Token, tokensOf } from './tokens.ts';

function isExcept(token: Token): boolean {
  return token.text.toUpperCase() === 'EXCEPT';
}

/** `a EXCEPT b EXCEPT c` is a, unless b, unless c. Undefined when something was wrong, which was said. */
function parseWords<Pattern>(
  words: readonly Token[],
  parse: (token: Token) => Pattern | undefined,
): PatternList<Pattern> | undefined {
  const at = words.findIndex(isExcept);
  const head = (at === -1 ? words : words.slice(0, at)).map(parse);
  const except = at === -1 ? undefined : parseWords(words.slice(at + 1), parse);
  const any = head.filter((pattern) => pattern !== undefined);
  if (any.length < head.length || (at !== -1 && except === undefined)) return undefined;
  return { any, except };
}

/** An `EXCEPT` with nothing on one side of it says nothing that is meant. */
function hasBareExcept(words: readonly Token[]): Token | undefined {
  return words.find(
    (word, index) =>
      isExcept(word) &&
      [words[index - 1], words[index + 1]].some((beside) => beside === undefined || isExcept(beside)),
  );
}

/** Reads a list of patterns, each with `parse`, which says what is wrong with it. */
export function parseList<Pattern>(
  list: Token,
  options: { readonly say: Say; readonly parse: (token: Token) => Pattern | undefined },
): PatternList<Pattern> | undefined {
  const words = tokensOf(list);
  const bare = hasBareExcept(words);
  if (words.length === 0) {
    options.say({
      code: 'hosts/empty-list',
      offset: list.offset,
      message: 'Cannot use the rule: a list of it is empty, so that it never matches',
      help: 'write "ALL" for everything',
    });
    return undefined;
  }
  if (bare !== undefined) {
    options.say({
      code: 'hosts/empty-except',
      offset: bare.offset,
      message: 'Cannot read "EXCEPT": there must be a pattern on both sides of it',
    });
    return undefined;
  }
  return parseWords(words, options.parse);
}
