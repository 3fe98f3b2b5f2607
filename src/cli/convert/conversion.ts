import type { Code } from '../../config/codes.ts';
import type { Diagnostic } from '../../config/diagnostic.ts';
import type { ForeignFormat, LineAccount } from '../../config/foreign-format.ts';
import type { Host } from '../../config/host.ts';
import { type ConfigSource, type LoadResult, loadConfig } from '../../config/load.ts';
import type { DocumentComments } from '../../config/render-yaml.ts';
import type { MapEntry, MapNode } from '../../config/syntax-node.ts';
import { addServices } from '../../convert/add-services.ts';
import { carryComments } from '../../convert/carry-comments.ts';
import { COMPLETE_NOTE, completeEntry, isFragment } from '../../convert/complete-entry.ts';
import { DiagnosticsByFile } from '../../convert/diagnostics-by-file.ts';
import { dropBanners } from '../../convert/drop-banners.ts';
import { keepServices } from '../../convert/keep-services.ts';
import { type LineReport, lineReports } from '../../convert/line-report.ts';
import { placeKey, placesOf } from '../../convert/places-of.ts';
import { servicesIn } from '../../convert/services-in.ts';

/** Files of another program as a document of ours, and what became of everything in them. */
export interface Conversion {
  /** Undefined where nothing is left of it. */
  readonly root: MapNode | undefined;
  readonly comments: DocumentComments;
  readonly accounts: readonly LineAccount[];
  /** One for each account. */
  readonly reports: readonly LineReport[];
  /** Of what runs: what is wrong with a service that is not enabled is in its report. */
  readonly diagnostics: readonly Diagnostic[];
  /** The files as zinetd would run them. */
  readonly source: LoadResult;
}

/** The same files with the services that they switch off among the others. */
function withDisabled(format: ForeignFormat): ForeignFormat {
  return (paths, context) => {
    const document = format(paths, context);
    const { root, disabled = [] } = document;
    return { ...document, root: root && addServices(root, disabled.map(completeEntry)) };
  };
}

/** Says where something was put in that has to be written. */
function withNotes(comments: DocumentComments, disabled: readonly MapEntry[] = []): DocumentComments {
  const beside = new Map(comments.beside);
  for (const entry of disabled.filter(isFragment)) {
    beside.set(entry.key, [...(beside.get(entry.key) ?? []), COMPLETE_NOTE]);
  }
  return { ...comments, beside };
}

function resolvedNames({ resolved }: LoadResult): ReadonlySet<string> {
  return new Set(resolved?.services.map(({ settings }) => settings.name));
}

function isOn({ value }: MapEntry): boolean {
  const enabled = value.kind === 'map' ? value.entries.get('enabled')?.value : undefined;
  return !(enabled?.kind === 'scalar' && enabled.value === false);
}

/** What is wrong with a service on this machine may be right on the one that it is for. */
const OF_THE_MACHINE: ReadonlySet<Code> = new Set<Code>([
  ...(['config/unreadable', 'config/untrusted-path', 'config/unknown-host', 'config/unknown-port'] as const),
  ...(['config/unknown-user', 'config/unknown-group', 'config/unknown-interface'] as const),
  ...(['config/unknown-rpc-program'] as const),
]);

/**
 * Services with an error, but for those that `isLenient` overlooks: the one that a line is accounted to, and any other
 * that is made of it, such as what hosts.allow says of all daemons.
 */
function wrongNames(
  { foreign, diagnostics }: LoadResult,
  isLenient: (code: Code) => boolean,
): ReadonlySet<string> {
  const errors = diagnostics.filter(({ severity, code }) => severity === 'error' && !isLenient(code));
  if (errors.length === 0) return new Set();
  const byFile = new DiagnosticsByFile(errors);
  const wrong = (foreign?.accounts ?? []).filter((account) => byFile.of(account).length > 0);
  const places = new Set(errors.map(({ span }) => placeKey(span)));
  const made = foreign?.root ? servicesIn(foreign.root) : [];
  const others = made.filter(({ value }) => placesOf(value).some((place) => places.has(place)));
  return new Set([...wrong.flatMap(({ name }) => name ?? []), ...others.map(({ key }) => key)]);
}

/** `all`: also services that this machine could not run. */
export function convertSource(
  source: Extract<ConfigSource, { format: ForeignFormat }>,
  { host, all }: { readonly host: Host; readonly all: boolean },
): Conversion {
  const plain = loadConfig(source, host);
  const whole = loadConfig({ ...source, format: withDisabled(source.format) }, host);
  const { root, accounts = [] } = whole.foreign ?? {};
  const services = new Map(root && servicesIn(root).map((entry) => [entry.key, entry]));
  const here = resolvedNames(plain);
  const wrong = wrongNames(whole, (code) => all && OF_THE_MACHINE.has(code));
  const off = new Set(whole.foreign?.disabled?.map(({ key }) => key));
  const kept = new Set(
    [...services.keys()].filter((name) => here.has(name) || ((all || off.has(name)) && !wrong.has(name))),
  );
  const isKept = (name: string): boolean => kept.has(name);
  const isEnabled = (name: string): boolean => {
    const entry = services.get(name);
    return entry !== undefined && isOn(entry);
  };
  return {
    root:
      root && kept.size > 0 ? dropBanners(keepServices(root, kept), all ? [] : whole.diagnostics) : undefined,
    comments: withNotes(carryComments(accounts, isKept), whole.foreign?.disabled),
    accounts,
    reports: lineReports(accounts, { diagnostics: whole.diagnostics, isKept, isEnabled }),
    diagnostics: plain.diagnostics,
    source: plain,
  };
}
