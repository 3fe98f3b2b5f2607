import type { MapEntry, MapNode } from '../config/syntax-node.ts';
import { changeServices, servicesIn } from './services-in.ts';
import { entryOf, mapNode, scalarNode } from './tree.ts';

/** A change that is proposed for a service, in a sentence about what it does. */
export interface Proposal {
  readonly service: string;
  /** As it is written in the document. */
  readonly attribute: string;
  readonly meaning: string;
}

export interface Hardened {
  readonly root: MapNode;
  readonly proposals: readonly Proposal[];
}

/** What one client may have at a time: more than anybody needs, fewer than all. */
const PER_SOURCE = 10;
const ROOT_USERS: ReadonlySet<unknown> = new Set(['root', 0]);

interface Change {
  readonly entry: MapEntry;
  readonly meaning: string;
}

function writtenValue(service: MapNode, name: string): unknown {
  const value = service.entries.get(name)?.value;
  return value?.kind === 'scalar' ? value.value : value;
}

/** A handler that becomes somebody else after it has asked for a password needs what the sandbox takes away. */
function modeChanges(service: MapNode): readonly Change[] {
  if (service.entries.has('mode')) return [];
  const write = (name: string, value: string | boolean, meaning: string): Change => ({
    entry: entryOf(name, scalarNode(value, service.place)),
    meaning,
  });
  if (ROOT_USERS.has(writtenValue(service, 'user'))) {
    const reason =
      'as it was: it runs as root, and what logs users in has to become them. If it does not, give it a user, and "mode: extended"';
    return [write('mode', 'inetd', reason)];
  }
  const mode = write(
    ...(['mode', 'extended'] as const),
    'it gets no privileges, whatever it executes, cannot signal other processes, makes files for its user alone, and is told of its client in the environment',
  );
  const fds = write('listen_fds', false, 'it still finds its socket on descriptor 0');
  return writtenValue(service, 'wait') === true ? [mode, fds] : [mode];
}

/** Half of a few instances. */
function sourceLimit(service: MapNode): number {
  const instances = writtenValue(service, 'instances');
  return typeof instances === 'number'
    ? Math.max(1, Math.min(PER_SOURCE, Math.floor(instances / 2)))
    : PER_SOURCE;
}

function sourceChange(service: MapNode): Change | undefined {
  const written = writtenValue(service, 'per_source');
  if ((written !== undefined && written !== 'UNLIMITED') || writtenValue(service, 'wait') === true)
    return undefined;
  const limit = sourceLimit(service);
  const meaning = `one client has at most ${limit} of its instances, so that there are some for others`;
  return { entry: entryOf('per_source', scalarNode(limit, service.place)), meaning };
}

/** What a program says of its own troubles is for its operator. */
function stderrChange(service: MapNode): Change | undefined {
  if (service.entries.has('stderr')) return undefined;
  const meaning = 'what it writes to standard error goes to the log, and no longer to the client';
  return { entry: entryOf('stderr', scalarNode('log', service.place)), meaning };
}

/** Built-ins, relays and sensors start nothing that could be kept from anything. */
function changesOf(service: MapNode): readonly Change[] {
  const changes = service.entries.has('server')
    ? [...modeChanges(service), sourceChange(service), stderrChange(service)]
    : [sourceChange(service)];
  return changes.filter((change) => change !== undefined);
}

function hardenService({ key, keyPlace, value }: MapEntry): {
  entry: MapEntry;
  proposals: readonly Proposal[];
} {
  if (value.kind !== 'map') return { entry: { key, keyPlace, value }, proposals: [] };
  const changes = changesOf(value);
  const node = mapNode([...value.entries.values(), ...changes.map(({ entry }) => entry)], value.place);
  const proposals = changes.map(({ entry, meaning }): Proposal => {
    const written = entry.value.kind === 'scalar' ? String(entry.value.value) : '';
    return { service: key, attribute: `${entry.key}: ${written}`, meaning };
  });
  return { entry: { key, keyPlace, value: node }, proposals };
}

/** The services with what `mode: extended` and limits per source would do for them. */
export function harden(root: MapNode): Hardened {
  const hardened = servicesIn(root).map(hardenService);
  return {
    root: changeServices(root, () => hardened.map(({ entry }) => entry)),
    proposals: hardened.flatMap(({ proposals }) => proposals),
  };
}
