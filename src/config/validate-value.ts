import { explainIssue, type Finding } from './issue.ts';
import { didYouMean } from './nearest.ts';
import { hasFault, plainValue } from './plain-value.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Schema } from './schema.ts';
import { keysAt, schemasAt } from './schemas-at.ts';
import type { Setting } from './settings.ts';
import type { MapEntry, SyntaxNode } from './syntax-node.ts';

/** A value as messages name it. */
export function describeValue(node: SyntaxNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'faulty') return 'this';
  if (node.value === null) return 'an empty value';
  return typeof node.value === 'string' ? quote(node.value) : String(node.value);
}

/** What to write instead, where a value has the wrong type for a reason that can be guessed. */
function typeHelp(
  node: SyntaxNode,
  { expected, isRight }: { readonly expected: readonly string[]; isRight(value: unknown): boolean },
): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  const { value } = node;
  if (expected.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|y|true)$/i.test(value)) return 'write true';
    if (/^(no|off|n|false)$/i.test(value)) return 'write false';
  }
  const isBare = typeof value === 'number' || typeof value === 'boolean';
  if (isBare && expected.includes('string') && isRight(String(value)))
    return `write it in quotes: "${value}"`;
  if (typeof value === 'string' && /^-?[0-9]+$/.test(value) && isRight(Number(value)))
    return `write it without quotes: ${value}`;
  return undefined;
}

interface Found {
  readonly entry: MapEntry | undefined;
  readonly node: SyntaxNode;
  /** The path ends at something that is not there. */
  readonly missing: boolean;
}

function follow(node: SyntaxNode, path: readonly PropertyKey[]): Found {
  let found: Found = { entry: undefined, node, missing: false };
  for (const key of path) {
    const { node: at } = found;
    const entry = at.kind === 'map' ? at.entries.get(String(key)) : undefined;
    const next = at.kind === 'list' ? at.items[Number(key)] : entry?.value;
    if (!next) return { ...found, missing: true };
    found = { entry, node: next, missing: false };
  }
  return found;
}

/** Where a value stands, for messages: `"env.PATH" in service "ftp"`. */
function nameOf(attribute: string, path: readonly PropertyKey[]): string {
  return quote([attribute, ...path.filter((key) => typeof key === 'string')].join('.'));
}

/** The setting that a value is for. */
export interface Subject {
  readonly report: Report;
  readonly attribute: string;
  /** `in service "ftp"` or so. */
  readonly where: string;
}

/** The name of a setting beside it that was probably meant. */
function keyHelp(path: readonly PropertyKey[], schema: Schema): string | undefined {
  return didYouMean(String(path.at(-1)), keysAt(schema, path.slice(0, -1)));
}

function reportFinding(
  finding: Finding,
  options: { readonly subject: Subject; readonly node: SyntaxNode; readonly schema: Schema },
): void {
  const { node, subject, schema } = options;
  const { code, path, reason } = finding;
  const { report, attribute, where } = subject;
  const found = follow(node, path);
  if (found.node.kind === 'faulty') return;
  const name = nameOf(attribute, path);
  if (found.missing) {
    const message = `Cannot use ${nameOf(attribute, path.slice(0, -1))} ${where}: "${String(path.at(-1))}" is missing`;
    report.add({ code: 'config/missing-key', at: found.node.place, message });
    return;
  }
  if (finding.onKey) {
    const at = found.entry?.keyPlace ?? found.node.place;
    const help = code === 'config/unknown-key' ? keyHelp(path, schema) : undefined;
    report.add({ code, at, message: `Cannot use ${name} ${where}: ${reason}`, help });
    return;
  }
  const isRight = (value: unknown): boolean =>
    schemasAt(schema, path).some((inner) => inner.safeParse(value).success);
  const message = `Cannot use ${describeValue(found.node)} for ${name} ${where}: ${reason}`;
  report.add({
    code,
    at: found.node.place,
    message,
    help: finding.help ?? typeHelp(found.node, { expected: finding.expected, isRight }),
  });
}

/** Checks one value; undefined after a report. */
export function validateValue<T>(
  node: SyntaxNode,
  options: { readonly subject: Subject; readonly schema: Schema },
): Setting<T> | undefined {
  const { subject, schema } = options;
  const value = plainValue(node);
  const issues = node.kind === 'faulty' ? [] : (schema.safeParse(value).error?.issues ?? []);
  const seen = new Set<string>();
  for (const finding of issues.flatMap((issue) => explainIssue(issue))) {
    const path = JSON.stringify(finding.path);
    if (!seen.has(path)) reportFinding(finding, { subject, node, schema });
    seen.add(path);
  }
  // No transform is used in the schemas: the value is its own result, and has no prototype.
  return issues.length === 0 && !hasFault(node) ? { value: value as T, node } : undefined;
}
