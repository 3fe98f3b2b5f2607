import { Document, isMap, isScalar, type Scalar, visit } from 'yaml';
import { escapeUnprintable } from './quote.ts';

/** Comments for a document: ahead of all, above each service, behind all; an empty line stays one. */
export interface DocumentComments {
  readonly head: readonly string[];
  readonly beside: ReadonlyMap<string, readonly string[]>;
  readonly tail: readonly string[];
}

/** Text that any reader of YAML could take for something else goes into quotes; so does all that is not a word. */
const PLAIN_TEXT = /^[A-Za-z/][A-Za-z0-9/_.-]*$/;
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n)$/i;

function quoteText(node: Scalar, isKey: boolean): void {
  if (typeof node.value !== 'string') return;
  const isPlain = PLAIN_TEXT.test(node.value) && (isKey || !NOT_TEXT.test(node.value));
  node.type = isPlain ? 'PLAIN' : 'QUOTE_DOUBLE';
}

function commentText(lines: readonly string[]): string | null {
  const text = lines.map((line) => escapeUnprintable(line.trimEnd())).join('\n');
  return text.trim() === '' ? null : text.replace(/\n+$/, '');
}

/** Services stand apart where there is something to say about them. */
function annotate(document: Document, { head, beside, tail }: DocumentComments): void {
  document.commentBefore = commentText(head);
  document.comment = commentText(tail);
  const services = document.get('services');
  for (const [index, { key }] of (isMap<Scalar<string>>(services) ? services.items : []).entries()) {
    key.commentBefore = commentText(beside.get(key.value) ?? []);
    key.spaceBefore = key.commentBefore !== null && index > 0;
  }
}

/** Values as YAML that loads to them again. */
export function renderYaml(value: object, comments?: DocumentComments): string {
  const document = new Document(value, { version: '1.2', schema: 'core', aliasDuplicateObjects: false });
  if (comments) annotate(document, comments);
  visit(document, {
    Scalar: (key, node) => {
      if (isScalar(node)) quoteText(node, key === 'key');
    },
  });
  return document.toString({ lineWidth: 0 });
}
