import type { Config } from '../model/config.ts';
import type { WatchedFile, WatchedGlob } from '../model/file-signature.ts';
import { newBudget } from './budget.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { ForeignDocument, ForeignFormat } from './foreign-format.ts';
import type { Host } from './host.ts';
import { readIncludes } from './include.ts';
import { layerDefaults } from './layer.ts';
import { quote } from './quote.ts';
import { type ReadFile, readTrusted } from './read.ts';
import { Report } from './report.ts';
import { type Resolution, resolve } from './resolve.ts';
import { checkUnused } from './resolve-inherited.ts';
import type { ServiceSettings, ValidDocument } from './settings.ts';
import { Sightings } from './sightings.ts';
import { makeSource } from './source.ts';
import { parseSyntax } from './syntax.ts';
import { validateDocument } from './validate.ts';

/**
 * A file, checked for trust; or a text of the caller's own, which cannot include anything; or files of another
 * program, of which services with an error are left out alone.
 */
export type ConfigSource =
  | { readonly path: string }
  | { readonly name: string; readonly text: string }
  | { readonly paths: readonly string[]; readonly format: ForeignFormat };

export interface LoadResult {
  /** Undefined when there is an error among the diagnostics. */
  readonly config: Config | undefined;
  /** For print.ts. */
  readonly resolved: Resolution | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Of files of another program: what they are in our words, and what became of their lines. */
  readonly foreign: ForeignDocument | undefined;
  /** What was read, or looked for, whatever came of it. */
  readonly watched: readonly WatchedFile[];
  readonly globs: readonly WatchedGlob[];
}

type NativeSource = Exclude<ConfigSource, { readonly format: ForeignFormat }>;

interface Context {
  readonly report: Report;
  readonly ownerUid: number;
  readonly budget: ReturnType<typeof newBudget>;
  readonly sightings: Sightings;
}

function readMain(source: NativeSource, context: Context): ReadFile | undefined {
  if ('text' in source) return { path: '', source: makeSource(source.name, source.text) };
  return readTrusted(source.path, { ...context, at: { file: source.path } });
}

function parseDocument(
  file: ReadFile,
  options: { readonly context: Context; readonly role: 'main' | 'included' },
): ValidDocument | undefined {
  const root = parseSyntax(file.source, options.context);
  return root && validateDocument(root, { report: options.context.report, role: options.role });
}

/** A service of the same name in two files is one too many; the first stays. */
function mergeServices(documents: readonly ValidDocument[], report: Report): readonly ServiceSettings[] {
  const services = new Map<string, ServiceSettings>();
  for (const service of documents.flatMap((document) => document.services)) {
    const first = services.get(service.name);
    if (!first) services.set(service.name, service);
    else {
      report.add({
        code: 'config/duplicate-service',
        at: service.place,
        message: `Cannot define service ${quote(service.name)} twice`,
        related: [{ at: first.place, message: 'first defined here' }],
      });
    }
  }
  return [...services.values()];
}

function readIncluded(
  document: ValidDocument,
  context: Context & { readonly main: ReadFile },
): readonly ValidDocument[] {
  const { main } = context;
  const [first] = document.includes;
  if (first?.node && main.path === '') {
    const message = `Cannot include ${quote(first.value)}: this configuration is not a file`;
    context.report.add({ code: 'config/include', at: first.node.place, message });
    return [];
  }
  return readIncludes(document.includes, context)
    .map((file) => parseDocument(file, { context, role: 'included' }))
    .filter((included) => included !== undefined);
}

function checkNotEmpty(
  services: readonly ServiceSettings[],
  options: { main: ReadFile; report: Report },
): void {
  if (services.length > 0 || options.report.hasErrors) return;
  const at = { file: options.main.source.name };
  options.report.add({ code: 'config/no-services', at, message: 'The configuration defines no service' });
}

/** The document of native files, every service once; undefined after a report. */
function readNative(source: NativeSource, context: Context): ValidDocument | undefined {
  const main = readMain(source, context);
  const document = main && parseDocument(main, { context, role: 'main' });
  if (!main || !document) return undefined;
  const documents = [document, ...readIncluded(document, { ...context, main })];
  const services = mergeServices(documents, context.report);
  checkNotEmpty(services, { main, report: context.report });
  return { ...document, services };
}

function resolveDocument(
  document: ValidDocument | undefined,
  { host, report, budget, sightings, file }: Context & { readonly host: Host; readonly file: string },
): Omit<LoadResult, 'foreign' | 'watched' | 'globs'> {
  const layered = document && { services: layerDefaults(document), daemon: document.daemon };
  const resolved = layered && resolve(layered, { host, report, budget, sightings });
  if (resolved) checkUnused(resolved.config.services, { host, report, file });
  return { config: resolved?.config, resolved, diagnostics: report.diagnostics() };
}

/** What stands for a configuration as a whole. */
function fileOf(source: ConfigSource): string {
  if ('path' in source) return source.path;
  return 'name' in source ? source.name : (source.paths[0] ?? '');
}

/** The whole way from text to a frozen configuration, with everything that is wrong on it. */
export function loadConfig(source: ConfigSource, host: Host): LoadResult {
  const isForeign = 'format' in source;
  const report = new Report({ leavesOut: isForeign });
  const sightings = new Sightings();
  const context: Context = { report, ownerUid: host.ownerUid, budget: newBudget(), sightings };
  const foreign = isForeign ? source.format(source.paths, { ...context, host }) : undefined;
  const document = isForeign
    ? foreign?.root && validateDocument(foreign.root, { report, role: 'main' })
    : readNative(source, context);
  const result = resolveDocument(document, { ...context, host, file: fileOf(source) });
  return { ...result, foreign, watched: sightings.files, globs: sightings.globs };
}
