import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { placeOfValue, topOf } from './unit.ts';
import { askWhole, ofSocket, refuseSetting, type Said } from './value-of.ts';

/** What systemd allows unless told otherwise. */
const USUAL = 64;
const MOST = 65_535;

function limitEntry(name: string, said: Said<number>, { report }: PairContext): MapEntry {
  const at = placeOfValue(said.setting);
  if (said.value <= MOST) return entryOf(name, scalarNode(said.value, at));
  const message = `Took "${said.setting.name}=${said.setting.value}" for UNLIMITED: more than ${MOST} cannot run`;
  report.add({ code: 'systemd/limit', at, message });
  return entryOf(name, scalarNode('UNLIMITED', at));
}

/** With `Accept=no` there is one program, which limits itself. */
function ignored(said: Said<number> | undefined, { report }: PairContext): void {
  if (!said) return;
  const message = `Ignored "${said.setting.name}=", as systemd does: it is for "Accept=yes"`;
  report.add({ code: 'systemd/ignored', at: said.setting.place, message });
}

/** How many handlers there may be. One source may have all of them, where the unit does not say otherwise. */
export function limitEntries(context: PairContext): readonly MapEntry[] {
  const all = askWhole(ofSocket(context, 'MaxConnections'), context);
  const each = askWhole(ofSocket(context, 'MaxConnectionsPerSource'), context);
  if (!context.accepts) {
    ignored(all, context);
    ignored(each, context);
    return [];
  }
  if (all?.value === 0) refuseSetting(all.setting, 'systemd refuses a unit that allows none', context);
  const top = topOf(context.socket);
  const instances = all
    ? limitEntry('instances', all, context)
    : entryOf('instances', scalarNode(USUAL, top));
  const isPerSource = each !== undefined && each.value > 0;
  const at = each ? placeOfValue(each.setting) : instances.value.place;
  return [
    instances,
    isPerSource
      ? limitEntry('per_source', each, context)
      : entryOf('per_source', scalarNode('UNLIMITED', at)),
  ];
}
