import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Directive } from './directive.ts';
import { numberOf } from './number-of.ts';
import type { ShapedService } from './service-context.ts';
import type { Token } from './token.ts';

interface Range {
  readonly first: number;
  readonly last: number;
}

/** `3`, `9-15`: numbers with marks between. One that ends before it begins is none. */
function rangesOf(values: readonly Token[], { report }: ShapedService): readonly Range[] {
  const ranges: Range[] = [];
  for (let index = 0; index < values.length; index += 2) {
    const from = values[index];
    const to = values[index + 1]?.text === '-' ? values[index + 2] : undefined;
    if (!from) continue;
    const first = numberOf(from, report);
    const last = to ? numberOf(to, report) : first;
    if (to) index += 2;
    if (first <= last) ranges.push({ first, last });
  }
  return ranges.toSorted((left, right) => left.first - right.first);
}

/** One range of all of them, which is what can be said; undefined where something is missing between. */
function oneRange(ranges: readonly Range[]): Range | undefined {
  const [first, ...rest] = ranges;
  return rest.reduce<Range | undefined>((whole, next) => {
    if (!whole || next.first > whole.last + 1) return undefined;
    return { first: whole.first, last: Math.max(whole.last, next.last) };
  }, first);
}

/** rlinetd registers nothing without a version. */
export function versionsOf(rpc: Directive | undefined): Directive | undefined {
  return rpc?.block?.findLast(({ name }) => name.text === 'version');
}

/** What the service is registered as with rpcbind. */
export function rpcEntry(shaped: ShapedService): MapEntry | undefined {
  const { service, report } = shaped;
  const rpc = service.settings.get('rpc');
  const version = versionsOf(rpc);
  if (!rpc) return undefined;
  if (!version) {
    const message = `Ignored "rpc" of service ${quote(service.name.text)}, as rlinetd does: it has no "version"`;
    return void report.add({ code: 'rlinetd/ignored', at: rpc.name.place, message });
  }
  const range = oneRange(rangesOf(version.values, shaped));
  if (!range) {
    const message = `Cannot register service ${quote(service.name.text)}: zinetd has one range of versions for each`;
    const help = 'write a service for each range';
    return void report.add({ code: 'rlinetd/not-supported', at: version.place, message, help });
  }
  const name = rpc.block?.findLast((each) => each.name.text === 'name')?.values[0] ?? service.name;
  const at = version.values[0]?.place ?? version.place;
  const rows = [
    entryOf('program', scalarNode(name.text, name.place)),
    entryOf('versions', scalarNode(`${range.first}-${range.last}`, at)),
  ];
  return entryOf('rpc', mapNode(rows, rpc.name.place));
}
