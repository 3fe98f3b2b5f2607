import type { z } from 'zod';
import type { AttributeName } from './document.ts';
import { explainIssue, type Finding } from './issue.ts';
import { RLIMIT_NAMES } from './limit-value.ts';
import { didYouMean } from './nearest.ts';
import { hasFault, plainValue } from './plain-value.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import {
  ATTRIBUTE_NAMES,
  DEFAULT_NAMES,
  REQUIRED_ATTRIBUTES,
  SERVICE_SHAPE,
  serviceName,
  TOP_SHAPE,
} from './schema.ts';
import type { ServiceSettings, Setting, Settings, SettingsGroup, ValidDocument } from './settings.ts';
import type { Place } from './source.ts';
import type { MapEntry, MapNode, SyntaxNode } from './syntax-node.ts';

const NO_SETTINGS: SettingsGroup = { settings: Object.create(null), faulty: new Set() };
const MAIN_KEYS = ['version', 'include', 'defaults', 'services'];
const INCLUDED_KEYS = ['version', 'services'];

/** A value as messages name it. */
function describeValue(node: SyntaxNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'faulty') return 'this';
  if (node.value === null) return 'an empty value';
  return typeof node.value === 'string' ? quote(node.value) : String(node.value);
}

/** What to write instead, where a value has the wrong type for a reason that can be guessed. */
function typeHelp(node: SyntaxNode, expected: readonly string[]): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  const { value } = node;
  if (expected.includes('boolean') && typeof value === 'string') {
    if (/^(yes|on|y|true)$/i.test(value)) return 'write true';
    if (/^(no|off|n|false)$/i.test(value)) return 'write false';
  }
  if (expected.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    return `write it in quotes: "${value}"`;
  }
  if (
    typeof value === 'string' &&
    /^-?[0-9]+$/.test(value) &&
    expected.some((type) => /^(int|number)$/.test(type))
  ) {
    return `write it without quotes: ${value}`;
  }
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

interface Subject {
  readonly report: Report;
  readonly attribute: string;
  /** `in service "ftp"` or so. */
  readonly where: string;
}

function keyHelp(path: readonly PropertyKey[]): string | undefined {
  return didYouMean(String(path.at(-1)), path.length > 1 ? ['soft', 'hard'] : RLIMIT_NAMES);
}

function reportFinding(subject: Subject, node: SyntaxNode, finding: Finding): void {
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
    const help = code === 'config/unknown-key' ? keyHelp(path) : undefined;
    report.add({ code, at, message: `Cannot use ${name} ${where}: ${reason}`, help });
    return;
  }
  const message = `Cannot use ${describeValue(found.node)} for ${name} ${where}: ${reason}`;
  report.add({
    code,
    at: found.node.place,
    message,
    help: finding.help ?? typeHelp(found.node, finding.expected),
  });
}

/** Checks one value; undefined after a report. */
function validateValue<T>(subject: Subject, node: SyntaxNode, schema: z.ZodType): Setting<T> | undefined {
  const value = plainValue(node);
  const issues = node.kind === 'faulty' ? [] : (schema.safeParse(value).error?.issues ?? []);
  const seen = new Set<string>();
  for (const finding of issues.flatMap((issue) => explainIssue(issue))) {
    const path = JSON.stringify(finding.path);
    if (!seen.has(path)) reportFinding(subject, node, finding);
    seen.add(path);
  }
  // No transform is used in the schemas: the value is its own result, and has no prototype.
  return issues.length === 0 && !hasFault(node) ? { value: value as T, node } : undefined;
}

interface Group {
  readonly report: Report;
  readonly allowed: readonly AttributeName[];
  readonly where: string;
}

function reportUnknown(group: Group, entry: MapEntry): void {
  const elsewhere = (ATTRIBUTE_NAMES as readonly string[]).includes(entry.key);
  group.report.add({
    code: 'config/unknown-key',
    at: entry.keyPlace,
    message: `Cannot use ${quote(entry.key)} ${group.where}: ${elsewhere ? 'it belongs to one service' : 'no such setting'}`,
    help: elsewhere ? 'set it in each service' : didYouMean(entry.key, group.allowed),
  });
}

function validateGroup(node: MapNode, group: Group): SettingsGroup {
  const settings: Record<string, unknown> = Object.create(null);
  const faulty = new Set<AttributeName>();
  for (const entry of node.entries.values()) {
    const attribute = group.allowed.find((name) => name === entry.key);
    if (attribute === undefined) {
      reportUnknown(group, entry);
      continue;
    }
    const subject = { report: group.report, attribute, where: group.where };
    const setting = validateValue(subject, entry.value, SERVICE_SHAPE[attribute]);
    if (setting) settings[attribute] = setting;
    else faulty.add(attribute);
  }
  return { settings: settings as Settings, faulty };
}

/** A map, or undefined after a report. */
function asMap(report: Report, node: SyntaxNode, what: string): MapNode | undefined {
  if (node.kind === 'map') return node;
  if (node.kind === 'faulty') return undefined;
  const message = `Cannot use ${describeValue(node)} for ${what}: must be a map`;
  report.add({ code: 'config/wrong-type', at: node.place, message });
  return undefined;
}

function requireAttributes(report: Report, service: ServiceSettings): void {
  for (const name of REQUIRED_ATTRIBUTES) {
    if (service.settings[name] || service.faulty.has(name)) continue;
    const message = `Cannot use service ${quote(service.name)}: "${name}" is missing`;
    report.add({ code: 'config/missing-key', at: service.place, message });
  }
}

function validateService(report: Report, entry: MapEntry): ServiceSettings | undefined {
  const checked = serviceName.safeParse(entry.key);
  if (!checked.success) {
    const message = `Cannot use ${quote(entry.key)} as the name of a service: ${checked.error.issues[0]?.message}`;
    report.add({ code: 'config/invalid-value', at: entry.keyPlace, message });
  }
  const where = `in service ${quote(entry.key)}`;
  const node = asMap(report, entry.value, `service ${quote(entry.key)}`);
  if (!node) return undefined;
  const group = validateGroup(node, { report, allowed: ATTRIBUTE_NAMES, where });
  const service = { ...group, name: entry.key, place: entry.keyPlace };
  requireAttributes(report, service);
  return service;
}

function validateServices(report: Report, node: SyntaxNode | undefined): readonly ServiceSettings[] {
  const map = node && asMap(report, node, '"services"');
  return Array.from(map?.entries.values() ?? [], (entry) => validateService(report, entry)).filter(
    (service) => service !== undefined,
  );
}

function reportTopKey(report: Report, entry: MapEntry, role: 'main' | 'included'): void {
  const at = entry.keyPlace;
  if (role === 'included' && entry.key === 'include') {
    const message = 'Cannot use "include" in an included file: includes do not nest';
    report.add({ code: 'config/nested-include', at, message, help: 'name the files in the main file' });
    return;
  }
  const inMain = role === 'included' && entry.key === 'defaults';
  report.add({
    code: 'config/unknown-key',
    at,
    message: `Cannot use ${quote(entry.key)} at the top of ${inMain ? 'an included file: it belongs to the main file' : 'the file: no such setting'}`,
    help: inMain ? undefined : didYouMean(entry.key, role === 'main' ? MAIN_KEYS : INCLUDED_KEYS),
  });
}

function validateVersion(report: Report, top: MapNode, options: { readonly isRequired: boolean }): void {
  const node = top.entries.get('version')?.value;
  const subject = { report, attribute: 'version', where: 'at the top of the file' };
  if (node) validateValue(subject, node, TOP_SHAPE.version);
  else if (options.isRequired) {
    const message = 'Cannot read this configuration: "version" is missing';
    report.add({
      code: 'config/missing-key',
      at: startOf(top),
      message,
      help: 'write "version: 1" at the top',
    });
  }
}

function startOf(node: SyntaxNode): Place {
  return { ...node.place, end: node.place.start };
}

function validateIncludes(report: Report, node: SyntaxNode | undefined): readonly Setting<string>[] {
  if (!node) return [];
  const subject = { report, attribute: 'include', where: 'at the top of the file' };
  const setting = validateValue<readonly string[]>(subject, node, TOP_SHAPE.include);
  const items = node.kind === 'list' ? node.items : [];
  return (setting?.value ?? []).map((value, index) => ({ value, node: items[index] }));
}

/** The third step: every value has its type, every name is known. What is wrong is left out and in `report`. */
export function validateDocument(
  root: SyntaxNode,
  options: { readonly report: Report; readonly role: 'main' | 'included' },
): ValidDocument {
  const { report, role } = options;
  const isEmpty = root.kind === 'scalar' && root.value === null;
  const empty: MapNode = { kind: 'map', place: root.place, entries: new Map() };
  const top = isEmpty ? empty : asMap(report, root, 'a configuration');
  if (!top) return { includes: [], defaults: NO_SETTINGS, services: [] };
  const known = role === 'main' ? MAIN_KEYS : INCLUDED_KEYS;
  for (const entry of top.entries.values()) if (!known.includes(entry.key)) reportTopKey(report, entry, role);
  validateVersion(report, top, { isRequired: role === 'main' });
  const value = (key: string): SyntaxNode | undefined =>
    known.includes(key) ? top.entries.get(key)?.value : undefined;
  const defaultsNode = value('defaults');
  const defaultsMap = defaultsNode && asMap(report, defaultsNode, '"defaults"');
  return {
    includes: validateIncludes(report, value('include')),
    defaults: defaultsMap
      ? validateGroup(defaultsMap, { report, allowed: DEFAULT_NAMES, where: 'in "defaults"' })
      : NO_SETTINGS,
    services: validateServices(report, value('services')),
  };
}
