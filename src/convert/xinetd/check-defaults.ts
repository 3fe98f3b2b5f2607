import type { Diagnostic } from '../../config/diagnostic.ts';
import { Report } from '../../config/report.ts';
import { validateDocument } from '../../config/validate.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { COPIED, FILLED } from './attribute-rules.ts';
import { convertEntry } from './convert-entry.ts';
import type { Attribute, Word, XinetdEntry } from './entry.ts';
import { loseDefaults } from './lose-defaults.ts';

type Sample = Readonly<Record<string, readonly string[]>>;

const COMMON: Sample = {
  ...{ type: ['UNLISTED'], socket_type: ['stream'], protocol: ['tcp'], port: ['7'] },
  ...{ wait: ['no'], user: ['0'] },
};
/** What is wrong with one of them only is no fault of `defaults`. */
const SAMPLES: readonly Sample[] = [
  { ...COMMON, server: ['/bin/true'] },
  { ...COMMON, redirect: ['127.0.0.1', '7'] },
];

/** A service of nothing but what it must have, and `defaults`. */
function sampleEntry(
  sample: Sample,
  { defaults, head }: { readonly defaults: ReadonlyMap<string, Attribute>; readonly head: Word },
): XinetdEntry {
  const at = head.place;
  const own = Object.entries(sample).map(([name, values]): Attribute => {
    return { name, values: values.map((text) => ({ text, place: at })), at, from: 'service' };
  });
  const inherited = [...COPIED, ...FILLED].flatMap((name) => defaults.get(name) ?? []);
  const attributes = new Map([...inherited, ...own].map((attribute) => [attribute.name, attribute]));
  return { name: head, id: head, place: at, attributes, isEnabled: true };
}

function convertSample(entry: XinetdEntry, report: Report): void {
  const { place } = entry;
  const node = convertEntry(entry, { report });
  if (!node) return;
  const services = mapNode([entryOf('sample', node)], place);
  const root = mapNode([entryOf('version', scalarNode(1, place)), entryOf('services', services)], place);
  validateDocument(root, { report, role: 'main' });
}

function errorsOf(entry: XinetdEntry): readonly Diagnostic[] {
  const report = new Report({ leavesOut: true });
  convertSample(entry, report);
  return report.diagnostics().filter(({ severity }) => severity === 'error');
}

function isAt(left: Diagnostic, right: Diagnostic): boolean {
  const [one, other] = [left.span.range, right.span.range];
  return left.code === right.code && one?.line === other?.line && one?.column === other?.column;
}

/**
 * Whether the values in `defaults` can be meant: xinetd ends at one that cannot, also where every service has a
 * better one.
 */
export function checkDefaults(defaults: ReadonlyMap<string, Attribute>, report: Report): boolean {
  const [any] = defaults.values();
  if (!any) return true;
  const head: Word = { text: 'echo', place: any.at };
  const [first, second] = SAMPLES.map((sample) => sampleEntry(sample, { defaults, head }));
  if (!first || !second) return true;
  const others = errorsOf(second);
  if (!errorsOf(first).some((error) => others.some((other) => isAt(error, other)))) return true;
  convertSample(first, report);
  loseDefaults(head.place, report);
  return false;
}
