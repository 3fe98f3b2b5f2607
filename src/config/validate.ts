import type { AttributeName } from './document.ts';
import { foreignAdvice } from './foreign-advice.ts';
import { itemNode } from './item-node.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import {
  ATTRIBUTE_NAMES,
  DAEMON_NAMES,
  DEFAULT_NAMES,
  REQUIRED_ATTRIBUTES,
  SERVICE_SHAPE,
  serviceName,
  TOP_SHAPE,
} from './schema.ts';
import type {
  DaemonSettings,
  ServiceSettings,
  Setting,
  Settings,
  SettingsGroup,
  ValidDocument,
} from './settings.ts';
import type { Place } from './source.ts';
import type { MapEntry, MapNode, SyntaxNode } from './syntax-node.ts';
import { describeValue, validateValue } from './validate-value.ts';

const NO_SETTINGS: SettingsGroup = { settings: Object.create(null), faulty: new Set() };
const MAIN_KEYS = ['version', 'include', ...DAEMON_NAMES, 'defaults', 'services'];
const INCLUDED_KEYS = ['version', 'services'];

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
    const setting = validateValue(entry.value, { subject, schema: SERVICE_SHAPE[attribute] });
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
  // Once: it goes over the whole text.
  const help = report.hasErrors ? undefined : foreignAdvice(node.place.source.text);
  report.add({ code: 'config/wrong-type', at: node.place, message, help });
  return undefined;
}

/** A sensor, what zinetd gives itself and what it relays start nothing; everybody else says what. */
function requiredOf(service: ServiceSettings): readonly AttributeName[] {
  const { sensor, builtin, redirect } = service.settings;
  const isFaulty = service.faulty.has('builtin') || service.faulty.has('redirect');
  return sensor?.value === true || builtin || redirect || isFaulty
    ? REQUIRED_ATTRIBUTES
    : [...REQUIRED_ATTRIBUTES, 'server'];
}

function requireAttributes(report: Report, service: ServiceSettings): void {
  for (const name of requiredOf(service)) {
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
  return Array.from(map?.entries.values() ?? [], (entry) =>
    report.alone(() => validateService(report, entry)),
  ).filter((service) => service !== undefined);
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
  if (node) validateValue(node, { subject, schema: TOP_SHAPE.version });
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
  const setting = validateValue<readonly string[]>(node, { subject, schema: TOP_SHAPE.include });
  return (setting?.value ?? []).map((value, index) => ({ value, node: itemNode(node, index) }));
}

function validateDaemon(report: Report, top: MapNode): DaemonSettings {
  const settings: Record<string, unknown> = Object.create(null);
  for (const name of DAEMON_NAMES) {
    const node = top.entries.get(name)?.value;
    if (!node) continue;
    const subject = { report, attribute: name, where: 'at the top of the file' };
    settings[name] = validateValue(node, { subject, schema: TOP_SHAPE[name] });
  }
  return settings;
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
  if (!top) return { includes: [], daemon: {}, defaults: NO_SETTINGS, services: [] };
  const known = role === 'main' ? MAIN_KEYS : INCLUDED_KEYS;
  for (const entry of top.entries.values()) if (!known.includes(entry.key)) reportTopKey(report, entry, role);
  validateVersion(report, top, { isRequired: role === 'main' });
  const value = (key: string): SyntaxNode | undefined =>
    known.includes(key) ? top.entries.get(key)?.value : undefined;
  const defaultsNode = value('defaults');
  const defaultsMap = defaultsNode && asMap(report, defaultsNode, '"defaults"');
  return {
    includes: validateIncludes(report, value('include')),
    daemon: role === 'main' ? validateDaemon(report, top) : {},
    defaults: defaultsMap
      ? validateGroup(defaultsMap, { report, allowed: DEFAULT_NAMES, where: 'in "defaults"' })
      : NO_SETTINGS,
    services: validateServices(report, value('services')),
  };
}
