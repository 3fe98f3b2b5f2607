import { newBudget } from '../../../src/config/budget.ts';
import { type Diagnostic, spanOf } from '../../../src/config/diagnostic.ts';
import type { ForeignDocument } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import type { MapNode, SyntaxNode } from '../../../src/config/syntax-node.ts';
import { convertFiles } from '../../../src/convert/inetd/convert-files.ts';
import type { DialectName } from '../../../src/convert/inetd/dialect.ts';

export interface Converted extends ForeignDocument {
  readonly diagnostics: readonly Diagnostic[];
  /** Services by name, as plain values. */
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** `line:column code` of each diagnostic. */
  readonly places: readonly string[];
}

function servicesOf(root: MapNode | undefined): Converted['services'] {
  const node = root?.entries.get('services')?.value;
  return (node ? structuredClone(plainValue(node)) : {}) as Converted['services'];
}

/** The text of one file, converted without a file system. */
export function convertText(text: string, dialect?: DialectName, isUtf8 = true): Converted {
  const report = new Report({ leavesOut: true });
  const file = { path: '/etc/inetd.conf', source: makeSource('inetd.conf', text), isUtf8 };
  const options = { report, budget: newBudget(), dialect, hasDirectory: false, include: () => [] };
  const document = convertFiles([file], options);
  const diagnostics = report.diagnostics();
  return {
    ...document,
    diagnostics,
    services: servicesOf(document.root),
    places: diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`),
  };
}

/** The one service of a text that has nothing wrong with it but what `codes` names. */
export function convertLine(
  line: string,
  dialect: DialectName = 'debian',
  codes: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const { services, diagnostics } = convertText(`${line}\n`, dialect);
  const found = diagnostics.map(({ code }) => code);
  const [only, ...others] = Object.values(services);
  if (!only || others.length > 0 || String(found) !== String(codes)) {
    throw new Error(
      `${Object.keys(services)}: ${diagnostics.map(({ code, message }) => `${code} ${message}`)}`,
    );
  }
  return only;
}

/** Everything in a tree that has a place, as `line:column`, with the value of scalars. */
export function placesIn(node: SyntaxNode, path = ''): readonly string[] {
  const { range } = spanOf(node.place);
  if (node.kind === 'list') return node.items.flatMap((item, index) => placesIn(item, `${path}.${index}`));
  if (node.kind === 'map') {
    return [...node.entries.values()].flatMap(({ key, value }) => placesIn(value, `${path}.${key}`));
  }
  return [`${path.slice(1)} ${range?.line}:${range?.column}`];
}
