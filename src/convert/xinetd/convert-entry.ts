import type { MapEntry, MapNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { accessEntries } from './access-entries.ts';
import { bannerEntries } from './banner-entries.ts';
import { builtinEntry } from './builtin-entry.ts';
import { checkEntry } from './check-entry.ts';
import type { XinetdEntry } from './entry.ts';
import type { EntryContext } from './entry-context.ts';
import { limitEntries } from './limit-entries.ts';
import { listenEntry } from './listen-entry.ts';
import { logEntries } from './log-entries.ts';
import { parseShape } from './parse-shape.ts';
import { programEntries } from './program-entries.ts';
import { redirectEntry } from './redirect-entry.ts';
import { rpcEntry } from './rpc-entry.ts';
import { sensorEntries } from './sensor-entries.ts';
import type { ShapedEntry } from './shaped-entry.ts';
import { socketEntries } from './socket-entries.ts';

/** What a client gets in the end; what belongs to another kind of service is left out. */
function answerEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  switch (shaped.shape.kind) {
    case 'program':
      return programEntries(shaped);
    case 'builtin':
      return [builtinEntry(shaped)];
    case 'sensor':
      return sensorEntries(shaped);
    case 'redirect':
      return [redirectEntry(shaped)];
  }
}

/** A service in our words; undefined after a report that leaves nothing to go on with, and it is left out alone. */
export function convertEntry(entry: XinetdEntry, context: Omit<EntryContext, 'entry'>): MapNode | undefined {
  const shape = parseShape({ ...context, entry });
  if (!shape) return undefined;
  const shaped: ShapedEntry = { ...context, entry, shape };
  checkEntry(shaped);
  const rows = [
    entry.isEnabled ? undefined : entryOf('enabled', scalarNode(false, entry.name.place)),
    listenEntry(shaped),
    rpcEntry(shaped),
    ...socketEntries(shaped),
    ...answerEntries(shaped),
    ...accessEntries(shaped),
    ...limitEntries(shaped),
    ...bannerEntries(shaped),
    ...logEntries(shaped),
  ];
  return mapNode(rows, entry.place);
}
