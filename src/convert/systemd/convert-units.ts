import type { ForeignDocument } from '../../config/foreign-format.ts';
import { parseEnvFile } from '../../config/parse-env-file.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { makeSource } from '../../config/source.ts';
import { baseName } from '../base-name.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { UniqueNames } from '../unique-names.ts';
import { accountFor, type Converted } from './account-for.ts';
import type { ConvertOptions } from './convert-options.ts';
import { convertPair } from './convert-pair.ts';
import type { PairContext } from './pair.ts';
import { parsePair } from './parse-pair.ts';
import { topOf, type Unit } from './unit.ts';
import { UnitFinder } from './unit-finder.ts';
import { UnitLibrary } from './unit-library.ts';

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 56;

/** Reads a file of variables once; what is wrong with its lines is told when the document is resolved. */
function variableReader({ disk, report }: ConvertOptions): PairContext['readVariables'] {
  return ({ text, place }) => {
    if (!text.startsWith('/')) {
      const message = `Cannot use ${quote(text)} for "EnvironmentFile=": must be an absolute path`;
      report.add({ code: 'systemd/value', at: place, message });
      return 'unreadable';
    }
    if (/[*?[]/.test(text)) {
      const message = `Cannot use ${quote(text)} for "EnvironmentFile=": zinetd has no patterns there`;
      report.add({ code: 'systemd/not-supported', at: place, message, help: 'name each file' });
      return 'unreadable';
    }
    if (disk.kindOf(text) === undefined) return 'missing';
    const file = disk.read(text, place);
    return file ? new Map(parseEnvFile(file.source.text).variables) : 'unreadable';
  };
}

function nameUnit(unit: Unit, names: UniqueNames, report: Report): string {
  const written = unit.name.full.replace(/\.socket$/, '');
  const name = names.give(baseName(written, MOST_CHARACTERS));
  if (name !== written) {
    const message = `Called the service of ${quote(unit.name.full)} "${name}", also in records`;
    report.add({ code: 'systemd/name', at: topOf(unit), message });
  }
  return name;
}

/** systemd starts one program with the sockets of all units that name it. */
function warnOfSharing(socket: Unit, first: Unit | undefined, report: Report): void {
  if (!first) return;
  const message = `Started the program of ${quote(socket.name.full)} by itself: systemd starts it once, with the sockets of ${quote(first.name.full)} as well`;
  report.add({ code: 'systemd/several-sockets', at: topOf(socket), message });
}

function convertSocket(
  socket: Unit,
  options: ConvertOptions & {
    readonly library: UnitLibrary;
    readonly names: UniqueNames;
    /** The first socket unit of each service. */
    readonly starters: Map<Unit, Unit>;
  },
): Converted {
  const { report, library, names, starters } = options;
  let service: Unit | undefined;
  const node = report.alone(() => {
    const pair = socket.isBroken
      ? undefined
      : parsePair(socket, { report, findService: (name) => library.find(name) });
    service = pair?.service;
    return pair && convertPair(pair, { report, readVariables: variableReader(options) });
  });
  if (!node) return { socket, service, entry: undefined };
  if (service) warnOfSharing(socket, starters.get(service), report);
  if (service && !starters.has(service)) starters.set(service, socket);
  const key = nameUnit(socket, names, report);
  return { socket, service, entry: { key, keyPlace: topOf(socket), value: node } };
}

function warnOfUnused(finder: UnitFinder, library: UnitLibrary, report: Report): void {
  for (const { name, path } of finder.services.filter((each) => !library.isUsed(each.path))) {
    const message = `Left out ${quote(name.full)}: no socket unit here starts it`;
    report.add({ code: 'systemd/unused-service', at: { file: path }, message });
  }
}

function reportNone(paths: readonly string[], finder: UnitFinder, report: Report): void {
  if (report.hasErrors || finder.sockets.length > 0) return;
  const message = 'Cannot find a socket unit: a service is nothing that zinetd could listen for';
  report.add({ code: 'systemd/no-sockets', at: { file: paths[0] ?? '' }, message });
}

/** Makes one document of socket units, the services beside them and their drop-ins. */
export function convertUnits(paths: readonly string[], options: ConvertOptions): ForeignDocument {
  const { report, disk } = options;
  const finder = new UnitFinder(paths, { disk, report });
  const library = new UnitLibrary(finder, options);
  const sockets = finder.sockets.map((found) => library.read(found)).filter((unit) => unit !== undefined);
  if (library.isOver) return { root: undefined, accounts: [] };
  const names = new UniqueNames();
  const shared = { ...options, library, names, starters: new Map<Unit, Unit>() };
  const converted = sockets.map((socket) => convertSocket(socket, shared));
  if (library.isOver) return { root: undefined, accounts: [] };
  warnOfUnused(finder, library, report);
  reportNone(paths, finder, report);
  const start = { source: sockets[0]?.main.source ?? makeSource(paths[0] ?? '', ''), start: 0, end: 0 };
  const entries = converted.flatMap(({ entry }) => (entry ? [entry] : []));
  const services = entryOf('services', mapNode(entries, start));
  const root = mapNode([entryOf('version', scalarNode(1, start)), services], start);
  return { root, accounts: accountFor(converted, library.units) };
}
