import type { Budget } from '../../config/budget.ts';
import type { ForeignDocument } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import { Report } from '../../config/report.ts';
import { makeSource } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { baseName } from '../base-name.ts';
import type { Outcome } from '../line-accounts.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { UniqueNames } from '../unique-names.ts';
import { convertService } from './convert-service.ts';
import type { DirectoryFiles } from './directory-files.ts';
import { FileWalker } from './file-walker.ts';
import type { RlinetdService } from './rlinetd-service.ts';

export interface ConvertOptions {
  readonly report: Report;
  readonly budget: Budget;
  /** What stands for the configuration as a whole. */
  readonly name: string;
  readonly files: DirectoryFiles;
}

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 56;

type Named = ReadonlyMap<RlinetdService, string>;

/** A name for each, those that run first. */
function nameServices(services: readonly RlinetdService[], report: Report): Named {
  const names = new UniqueNames();
  return new Map(
    services
      .toSorted((left, right) => Number(right.isEnabled) - Number(left.isEnabled))
      .map((service) => {
        const { text, place } = service.name;
        const name = names.give(baseName(text, MOST_CHARACTERS));
        if (service.isEnabled && name !== text) {
          const message = `Called the service ${quote(text)} "${name}", also in records`;
          const help = 'give it a name of its own, of letters, digits and "_.+-", and write "port"';
          report.add({ code: 'rlinetd/name', at: place, message, help });
        }
        return [service, name];
      }),
  );
}

/** A service in our words. What is wrong with one that does not run anyway is nobody's trouble. */
function serviceEntry(service: RlinetdService, name: string, report: Report): MapEntry | undefined {
  const told = service.isEnabled ? report : new Report({ leavesOut: true });
  const node = told.alone(() => convertService({ service, report: told }));
  return node && { key: name, keyPlace: service.name.place, value: node };
}

function reportNone(
  services: readonly RlinetdService[],
  { file, report }: { file: string; report: Report },
): void {
  if (report.hasErrors || services.some(({ isEnabled }) => isEnabled)) return;
  const count = services.length;
  const reason = count === 0 ? 'there is none' : `${count} ${count === 1 ? 'is' : 'are'} disabled`;
  const message = `Cannot find an active service: ${reason}`;
  report.add({ code: 'rlinetd/no-services', at: { file }, message });
}

function outcomeOf(service: RlinetdService, named: Named, kept: ReadonlySet<string>): Outcome {
  const name = named.get(service);
  if (!service.isEnabled) return { kind: 'disabled', name };
  return name !== undefined && kept.has(name)
    ? { kind: 'service', name }
    : { kind: 'problem', name: undefined };
}

/** Makes one document of files of rlinetd, in their order. */
export function convertFiles(files: readonly ForeignFile[], options: ConvertOptions): ForeignDocument {
  const { report } = options;
  const source = files[0]?.source ?? makeSource('', '');
  const start = { source, start: 0, end: 0 };
  const walker = new FileWalker(options);
  if (!walker.walkAll(files)) return { root: undefined, accounts: [] };
  const named = nameServices(walker.services, report);
  const converted = Array.from(named, ([service, name]) => ({
    isEnabled: service.isEnabled,
    entry: serviceEntry(service, name, report),
  }));
  const those = (isEnabled: boolean): readonly MapEntry[] =>
    converted.flatMap((each) => (each.entry && each.isEnabled === isEnabled ? [each.entry] : []));
  const enabled = those(true);
  reportNone(walker.services, { file: options.name, report });
  const kept = new Set(enabled.map(({ key }) => key));
  const accounts = walker.accounts.close((service) => outcomeOf(service, named, kept));
  const services = entryOf('services', mapNode(enabled, start));
  const root = mapNode([entryOf('version', scalarNode(1, start)), services], start);
  return { root, accounts, disabled: those(false) };
}
