import { parseAst } from 'rolldown/parseAst';
import { ledgerNames } from './ledger-names.mjs';

/** A test, or a group of tests, that names entries of the ledger or bars in its title, as in `(S21 to S23, B1)`. */
export interface NamedTest {
  /** What it says, behind what its groups say, and without the numbers. */
  readonly title: string;
  readonly names: readonly string[];
  /** The source of the whole test; of a title that stands in a table the title alone. */
  readonly code: string;
}

/** What of a syntax tree is looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** The last parentheses of a title that have a name in them; some say `(RFC 1078, S139)`. */
const NAMES_OF_TITLE = /\s*\(([^()]*\b[SB]\d{1,3}\b[^()]*)\)/;
const PLACEHOLDER = /%[sdifjoO#]|\$[a-zA-Z_][\w.]*/g;

function namesOfTitle(title: string): readonly string[] {
  return ledgerNames(NAMES_OF_TITLE.exec(title)?.[1] ?? '');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flat().filter(isNode);
}

/** What a literal says, with `…` for what is only known when it runs. */
function textOf(node: Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node?.type !== 'TemplateLiteral') return undefined;
  const pieces = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return pieces.map(({ value }) => value.cooked).join('…');
}

/** `describe` of `describe.each(rows)('title', …)`. */
function calleeOf(node: Node): { readonly name: string; readonly hasRows: boolean } {
  let callee = node;
  while (callee.type === 'CallExpression' || callee.type === 'MemberExpression')
    callee = (callee['callee'] ?? callee['object']) as Node;
  return { name: String(callee['name']), hasRows: (node['callee'] as Node).type === 'CallExpression' };
}

/** What a call of `test`, `describe` and their kin says; undefined for any other node. */
function titleOf(node: Node): { readonly text: string; readonly isGroup: boolean } | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const { name, hasRows } = calleeOf(node);
  const isGroup = name.startsWith('describe');
  const text = textOf((node['arguments'] as readonly Node[])[0]);
  if (text === undefined || !(isGroup || name === 'test')) return undefined;
  return { text: hasRows ? text.replace(PLACEHOLDER, '…') : text, isGroup };
}

/** A title that stands in a table of tests: it ends in its names, and is no piece of code. */
function loneTitle(node: Node): string | undefined {
  const text = textOf(node);
  return text?.endsWith(')') && !/['"`]/.test(text) ? text : undefined;
}

/** Of the source of a file of tests. */
export function namedTests(code: string): readonly NamedTest[] {
  const found: NamedTest[] = [];
  const keep = (node: Node, { text, groups }: { text: string; groups: readonly string[] }): void => {
    const title = [...groups, text].map((part) => part.replace(NAMES_OF_TITLE, '')).join(': ');
    const names = namesOfTitle(text);
    if (names.length > 0) found.push({ title, names, code: code.slice(node.start, node.end) });
  };
  const visit = (node: Node, groups: readonly string[]): void => {
    const title = titleOf(node);
    const text = title?.text ?? loneTitle(node);
    if (text !== undefined) keep(node, { text, groups });
    const [first] = title ? (node['arguments'] as readonly Node[]) : [];
    const within = title?.isGroup ? [...groups, title.text] : groups;
    for (const child of childrenOf(node)) if (child !== first) visit(child, within);
  };
  visit(parseAst(code, { lang: 'ts' }) as unknown as Node, []);
  return found;
}
