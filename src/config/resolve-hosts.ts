import { basename, join } from 'node:path';
import type { HostsOption, HostsRule } from '../model/hosts-rules.ts';
import { itemAt } from '../model/item-at.ts';
import type { HostsOutcome, HostsPolicy } from '../model/policy.ts';
import type { RefusalTemplate } from '../model/refusal-text.ts';
import type { Program } from '../model/service.ts';
import { askHost } from './ask-host.ts';
import type { HostsTableDocument } from './document.ts';
import { entryNode } from './entry-node.ts';
import type { Host } from './host.ts';
import type { HostsLookups } from './hosts-access/lookups.ts';
import { parseHostsAccess } from './hosts-access/parse-hosts-access.ts';
import { itemNode } from './item-node.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { placeOfSetting } from './place-of.ts';
import type { Report } from './report.ts';
import { resolveHostsBanner } from './resolve-hosts-banner.ts';
import { resolveHostsVariant } from './resolve-hosts-variant.ts';
import { lineIndexAt, makeSource, type Place } from './source.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
  /** What rules may make variants of; undefined for a sensor, or after a report. */
  readonly program?: Program | undefined;
}

interface Tables {
  readonly allow: HostsTableDocument;
  readonly deny: HostsTableDocument;
  readonly daemon: string | undefined;
}

const STANDARD: Tables = { allow: '/etc/hosts.allow', deny: '/etc/hosts.deny', daemon: undefined };

/** The rules for a service, and the forms of its program that they lead to, numbered from 1. */
export interface ResolvedHosts {
  readonly policy: HostsPolicy;
  readonly variants: readonly Program[];
}

function tablesOf(service: LayeredService): Tables | undefined {
  const written = service.settings.hosts_access?.value;
  if (written === undefined || written === false) return undefined;
  if (written === true) return STANDARD;
  const { allow = STANDARD.allow, deny = STANDARD.deny, daemon } = written;
  return { allow, deny, daemon };
}

function lookupsOf(context: Context & { readonly at: Place }): HostsLookups {
  const { host, lists, at } = context;
  return {
    readPatterns: (path) => lists.readText(path, at),
    netgroup: (name) => {
      const found = askHost(() => host.findNetgroup(name), context);
      return found.value;
    },
  };
}

interface TableContext extends Context {
  readonly table: 'allow' | 'deny';
  readonly at: Place;
}

/** A file of rules; one that does not exist has none, as in tcp_wrappers. Undefined after a report. */
function readTable(path: string, options: TableContext): readonly HostsRule[] | undefined {
  const { lists, table, at, report } = options;
  if (lists.isMissing(path)) return [];
  const text = lists.readText(path, at);
  if (text === undefined) return undefined;
  const source = makeSource(path, text);
  const { rules, problems } = parseHostsAccess({ file: path, table, text }, lookupsOf(options));
  for (const { code, line, column, message, help } of problems) {
    const start = itemAt(source.lineStarts, line - 1) + column - 1;
    report.add({ code, at: { source, start, end: start + 1 }, message, help });
  }
  return rules;
}

/** Where each rule of a list is written. */
function placesOf(service: LayeredService, { table, at }: TableContext): (index: number) => Place {
  const list = entryNode(service.settings.hosts_access?.node, table);
  return (index) => itemNode(list, index)?.place ?? at;
}

/** The rules of a list, each a line of its own. Undefined after a report. */
function listedRules(
  lines: readonly string[],
  { placeOf, ...options }: TableContext & { readonly placeOf: (index: number) => Place },
): readonly HostsRule[] | undefined {
  const { table, at, report } = options;
  const text = lines.map((line) => `${line}\n`).join('');
  const { rules, problems } = parseHostsAccess({ file: at.source.name, table, text }, lookupsOf(options));
  for (const { code, line, message, help } of problems)
    report.add({ code, at: placeOf(line - 1), message, help });
  return rules?.map((rule) => {
    const { source, start } = placeOf(rule.line - 1);
    return { ...rule, file: source.name, line: lineIndexAt(source, start) + 1 };
  });
}

function rulesOf(
  service: LayeredService,
  options: TableContext & { readonly tables: Tables },
): readonly HostsRule[] | undefined {
  const table = options.tables[options.table];
  if (typeof table === 'string') return readTable(table, options);
  return listedRules(table, { ...options, placeOf: placesOf(service, options) });
}

/** Makes the variants of one service, each form of its program once. */
class Variants {
  readonly programs: Program[] = [];
  readonly #byText = new Map<string, number>();

  numberOf(program: Program): number {
    const text = JSON.stringify(program);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.programs.push(program);
    this.#byText.set(text, this.programs.length);
    return this.programs.length;
  }
}

interface RuleContext extends Context {
  readonly service: LayeredService;
  readonly daemon: string;
  readonly at: Place;
  readonly variants: Variants;
}

function bannerOf(options: readonly HostsOption[], context: RuleContext): RefusalTemplate | undefined {
  const banner = options.findLast((option) => option.kind === 'banners');
  if (!banner) return undefined;
  return resolveHostsBanner(join(banner.directory, context.daemon), context);
}

function outcomeOf(rule: HostsRule, context: RuleContext): HostsOutcome {
  const { program, variants } = context;
  const changed = program && resolveHostsVariant(program, { ...context, rule });
  const variant = changed && changed !== program ? variants.numberOf(changed) : 0;
  const severity = rule.options.findLast((option) => option.kind === 'severity')?.level;
  return { variant, text: bannerOf(rule.options, context), severity };
}

/** hosts_access(5) for a service; undefined when it is not asked for, and after a report. */
export function resolveHosts(service: LayeredService, context: Context): ResolvedHosts | undefined {
  const tables = tablesOf(service);
  if (!tables) return undefined;
  const at = placeOfSetting(service, service.settings.hosts_access);
  const allow = rulesOf(service, { ...context, tables, table: 'allow', at });
  const deny = rulesOf(service, { ...context, tables, table: 'deny', at });
  if (!allow || !deny) return undefined;
  const daemon = tables.daemon ?? basename(context.program?.argv[0] ?? service.name);
  const variants = new Variants();
  const ruleContext = { ...context, service, daemon, at, variants };
  const outcomes = {
    allow: allow.map((rule) => outcomeOf(rule, ruleContext)),
    deny: deny.map((rule) => outcomeOf(rule, ruleContext)),
  };
  return { policy: { daemon, rules: { allow, deny }, outcomes }, variants: variants.programs };
}
