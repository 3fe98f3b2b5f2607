import { Composer, CST, isAlias, isMap, isScalar, isSeq, Lexer, type Pair, Parser, type Scalar } from 'yaml';
import { type Budget, MOST_DEPTH, MOST_NODES } from './budget.ts';
import { spanOf } from './diagnostic.ts';
import { foreignAdvice } from './foreign-advice.ts';
import { isForbiddenKey } from './key-rules.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { ambiguityOf, textFault } from './scalar-rules.ts';
import type { Place, Source } from './source.ts';
import type { MapEntry, ScalarNode, SyntaxNode } from './syntax-node.ts';
import { TokenCounter } from './token-counter.ts';

interface Context {
  readonly source: Source;
  readonly report: Report;
  readonly budget: Budget;
}

/** YAML 1.2 as it is, with the package's quadratic and extending features off; their jobs are done here. */
const COMPOSER_OPTIONS = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: false,
  merge: false,
  resolveKnownTags: false,
  strict: true,
} as const;

const CORE_TAGS = new Set(['!!str', '!!int', '!!float', '!!bool', '!!null', '!!map', '!!seq']);
/** The parser's stack holds the document and a scalar besides the collections. */
const MOST_STACK = MOST_DEPTH + 8;

function place(context: Context, start: number, end: number): Place {
  return { source: context.source, start, end };
}

function reportDepth(context: Context, at: Place): void {
  const message = `Cannot read deeper than ${MOST_DEPTH} levels`;
  context.report.add({ code: 'config/too-deep', at, message });
}

function reportNodes(context: Context, at: Place): void {
  const message = `Cannot read more than ${MOST_NODES} values, includes counted in`;
  context.report.add({ code: 'config/too-many-nodes', at, message });
}

function reportRefused(context: Context, at: Place): void {
  const message = 'Cannot parse YAML: too much of the text is not of a configuration';
  context.report.add({ code: 'config/syntax', at, message });
}

/** Alias, anchor and tag need no tree to be refused. */
function checkToken(context: Context, type: string | null, at: Place): void {
  const text = context.source.text.slice(at.start, at.end);
  if (type === 'alias' || type === 'anchor') {
    const help = 'write the value out at each place, or put it under "defaults"';
    context.report.add({
      code: 'config/alias',
      at,
      message: `Cannot use ${quote(text)}: anchors and aliases are refused`,
      help,
    });
  }
  if (type === 'tag' && !CORE_TAGS.has(text)) {
    const message = `Cannot use ${quote(text)}: only the core tags, such as "!!str", are taken`;
    context.report.add({ code: 'config/tag', at, message });
  }
  if (type === 'directive-line' && !/^%YAML +1\.2\s*$/.test(text)) {
    const message = `Cannot use ${quote(text.trim())}: no directive but "%YAML 1.2" is taken`;
    context.report.add({ code: 'config/tag', at, message });
  }
}

/**
 * Text to tokens, the only part of the work that sees input of any shape: one pass without recursion, given
 * up when a limit is passed, before anything is built from the tokens (S106, S110).
 */
function tokenise(context: Context): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const counter = new TokenCounter(context.budget);
  for (const lexeme of new Lexer().lex(context.source.text)) {
    const start = parser.offset;
    for (const token of parser.next(lexeme)) {
      tokens.push(token);
      if (token.type === 'error') counter.refuse();
    }
    const type = CST.tokenType(lexeme);
    counter.count(type);
    const at = place(context, start, Math.max(start, parser.offset));
    if (counter.isTooMuch) return void reportNodes(context, at);
    if (parser.stack.length > MOST_STACK) return void reportDepth(context, at);
    checkToken(context, type, at);
    if (counter.isNonsense) return void reportRefused(context, at);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** What else a text may be that is no YAML. */
function adviceOn(line: string, { source, report }: Context): string | undefined {
  if (/:\/\/\[/.test(line)) return 'inside a list in brackets, put an address with brackets in quotes';
  // Once: it goes over the whole text.
  return report.hasErrors ? undefined : foreignAdvice(source.text);
}

/** The package's words, in our grammar. */
function reportSyntax(
  context: Context,
  error: { readonly message: string; readonly pos: [number, number] },
): void {
  const reason = error.message.charAt(0).toLowerCase() + error.message.slice(1).replace(/[.\s]+$/, '');
  const [start, end] = error.pos;
  const at = place(context, start, end);
  const { lineText = '' } = spanOf(at).range ?? {};
  const help = adviceOn(lineText, context);
  context.report.add({ code: 'config/syntax', at, message: `Cannot parse YAML: ${reason}`, help });
}

/** The place of a node without the white space that follows it. */
function placeOf(context: Context, node: { range?: readonly number[] | null | undefined }): Place {
  const start = node.range?.[0] ?? 0;
  const end = node.range?.[1] ?? start;
  const text = context.source.text.slice(start, end);
  return place(context, start, start + text.trimEnd().length);
}

function faulty(at: Place): SyntaxNode {
  return { kind: 'faulty', place: at };
}

function convertScalar(context: Context, node: Scalar): SyntaxNode {
  const at = placeOf(context, node);
  const plain = node.type === 'PLAIN' || node.type === undefined;
  const value = node.value as ScalarNode['value'];
  const source = node.source ?? '';
  const ambiguity = plain ? ambiguityOf(source, value) : undefined;
  if (ambiguity !== undefined) {
    const message = `Cannot use ${quote(source)}: ${ambiguity}`;
    const help = `write "${source}" in quotes if text is meant, else a plain decimal number`;
    context.report.add({ code: 'config/ambiguous-scalar', at, message, help });
    return faulty(at);
  }
  const fault = typeof value === 'string' ? textFault(value) : undefined;
  if (fault === undefined) return { kind: 'scalar', place: at, value, plain };
  context.report.add({ code: 'config/invalid-text', at, message: `Cannot use this text: ${fault}` });
  return faulty(at);
}

/** The key of a pair, or undefined after a report. */
function convertKey(context: Context, pair: Pair): { readonly key: string; readonly at: Place } | undefined {
  const node = pair.key;
  if (!isScalar(node)) {
    const at = placeOf(context, (node ?? pair.value ?? {}) as { range?: number[] });
    context.report.add({ code: 'config/syntax', at, message: 'Cannot use this key: it must be text' });
    return undefined;
  }
  const at = placeOf(context, node);
  const plain = node.type === 'PLAIN' || node.type === undefined;
  const key = plain ? (node.source ?? '') : String(node.value);
  if (plain && key === '<<') {
    const help = 'write the settings out, or put them under "defaults"';
    context.report.add({
      code: 'config/merge-key',
      at,
      message: 'Cannot use "<<": merge keys are refused',
      help,
    });
    return undefined;
  }
  if (isForbiddenKey(key)) {
    const message = `Cannot use ${quote(key)} as a key: the name is reserved`;
    context.report.add({ code: 'config/forbidden-key', at, message });
    return undefined;
  }
  const fault = key === '' ? 'it is empty' : textFault(key);
  if (fault === undefined) return { key, at };
  context.report.add({ code: 'config/invalid-text', at, message: `Cannot use this key: ${fault}` });
  return undefined;
}

function convertMap(context: Context, items: readonly Pair[], depth: number): ReadonlyMap<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  for (const pair of items) {
    const found = convertKey(context, pair);
    const value = convert(context, pair.value, { depth: depth + 1, fallback: found?.at });
    if (!found) continue;
    const first = entries.get(found.key);
    if (first) {
      context.report.add({
        code: 'config/duplicate-key',
        at: found.at,
        message: `Cannot use ${quote(found.key)} twice`,
        related: [{ at: first.keyPlace, message: 'first used here' }],
      });
      continue;
    }
    entries.set(found.key, { key: found.key, keyPlace: found.at, value });
  }
  return entries;
}

function convert(
  context: Context,
  node: unknown,
  where: { readonly depth: number; readonly fallback: Place | undefined },
): SyntaxNode {
  const at =
    isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? placeOf(context, node) : where.fallback;
  const known = at ?? place(context, 0, 0);
  if (--context.budget.nodes < 0) {
    if (context.budget.nodes === -1) reportNodes(context, known);
    return faulty(known);
  }
  if (where.depth > MOST_DEPTH) {
    reportDepth(context, known);
    return faulty(known);
  }
  if (isScalar(node)) {
    const scalar = convertScalar(context, node);
    // An absent value has no text of its own: point at its key.
    return scalar.kind === 'scalar' && scalar.value === null && where.fallback
      ? { ...scalar, place: known.start === known.end ? where.fallback : known }
      : scalar;
  }
  const { depth } = where;
  if (isMap(node)) return { kind: 'map', place: known, entries: convertMap(context, node.items, depth) };
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(context, item, { depth: depth + 1, fallback: known }));
    return { kind: 'list', place: known, items };
  }
  if (node === null) return { kind: 'scalar', place: known, value: null, plain: true };
  return faulty(known);
}

/** YAML 1.2 text to a tree; undefined when there is none worth looking at. Everything wrong is in `report`. */
export function parseSyntax(
  source: Source,
  options: { readonly report: Report; readonly budget: Budget },
): SyntaxNode | undefined {
  const context = { source, ...options };
  const tokens = tokenise(context);
  if (!tokens) return undefined;
  const [document, second] = new Composer(COMPOSER_OPTIONS).compose(tokens, true, source.text.length);
  if (!document) return undefined;
  for (const error of [...document.errors, ...document.warnings]) {
    if (error.code !== 'TAG_RESOLVE_FAILED' || error.name === 'YAMLParseError') reportSyntax(context, error);
  }
  if (second) {
    const at = place(context, second.range[0], second.range[0] + 3);
    context.report.add({
      code: 'config/several-documents',
      at,
      message: 'Cannot read a second document in one file',
    });
  }
  if (document.errors.length > 0) return undefined;
  return convert(context, document.contents, { depth: 0, fallback: undefined });
}
