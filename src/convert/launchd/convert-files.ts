import type { Budget } from '../../config/budget.ts';
import type { ForeignDocument } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Report } from '../../config/report.ts';
import { makeSource, type Place } from '../../config/source.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { baseName } from '../base-name.ts';
import { LineAccounts } from '../line-accounts.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { UniqueNames } from '../unique-names.ts';
import { convertJob } from './convert-job.ts';
import { parsePlist } from './parse-plist.ts';
import { stringAt } from './plist-values.ts';

export interface ConvertOptions {
  readonly report: Report;
  readonly budget: Budget;
  /** What stands for the configuration as a whole. */
  readonly name: string;
}

/** Of the 64 that a name may have, so that a number fits in. */
const MOST_CHARACTERS = 56;

interface Job {
  readonly entry: MapEntry;
  readonly isEnabled: boolean;
}

function warnOfName(
  label: string,
  { name, at }: { readonly name: string; readonly at: Place },
  report: Report,
): void {
  const message = `Called the job ${quote(label)} "${name}", also in records`;
  const help = 'give it a label of its own, of at most 56 letters, digits and "_.+-"';
  report.add({ code: 'launchd/name', at, message, help });
}

/** One job; undefined after a report, and it is left out alone. */
function convertFile(file: ForeignFile, names: UniqueNames, options: ConvertOptions): Job | undefined {
  const { report } = options;
  return report.alone(() => {
    const job = parsePlist(file, options);
    if (!job) return undefined;
    const label = stringAt(job, 'Label');
    if (!label) {
      const message = 'Cannot run a job without a name: "Label" is missing';
      return void report.add({
        code: 'launchd/missing',
        at: { ...job.place, end: job.place.start + 1 },
        message,
      });
    }
    const { node, isEnabled } = convertJob({ job, label, file: file.source.name, report });
    const name = names.give(baseName(label.value, MOST_CHARACTERS));
    if (name !== label.value) warnOfName(label.value, { name, at: label.place }, report);
    return { entry: { key: name, keyPlace: label.place, value: node }, isEnabled };
  });
}

/** A property list is one job from its first line to its last. */
function account(file: ForeignFile, job: Job | undefined, accounts: LineAccounts<never>): void {
  const { source } = file;
  const kind = job ? (job.isEnabled ? 'service' : 'disabled') : 'problem';
  const place = { source, start: 0, end: source.text.length };
  accounts.add(kind, place, job ? { name: job.entry.key } : {});
}

/** Makes one document of property lists of launchd. */
export function convertFiles(files: readonly ForeignFile[], options: ConvertOptions): ForeignDocument {
  const { report } = options;
  const source = files[0]?.source ?? makeSource('', '');
  const start = { source, start: 0, end: 0 };
  const accounts = new LineAccounts<never>();
  const names = new UniqueNames();
  const services = files.flatMap((file) => {
    const job = convertFile(file, names, options);
    account(file, job, accounts);
    return job ? [job.entry] : [];
  });
  if (services.length === 0 && !report.hasErrors) {
    const message = 'Cannot find an active service: there is no property list';
    report.add({ code: 'launchd/no-services', at: { file: options.name }, message });
  }
  const root = mapNode(
    [entryOf('version', scalarNode(1, start)), entryOf('services', mapNode(services, start))],
    start,
  );
  return { root, accounts: accounts.close(() => ({ kind: 'problem', name: undefined })) };
}
