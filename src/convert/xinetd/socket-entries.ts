import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** What the sockets are like: xinetd asks for probes only where KEEPALIVE says so, zinetd always but where told. */
export function socketEntries({ entry, shape }: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { flags, transport, door } = shape;
  const at = entry.attributes.get('flags')?.at ?? entry.name.place;
  if (transport !== 'tcp' || door === 'mux') return [];
  return [
    flags.has('nodelay') ? entryOf('no_delay', scalarNode(true, at)) : undefined,
    flags.has('keepalive') ? undefined : entryOf('keepalive', scalarNode(false, at)),
  ];
}
