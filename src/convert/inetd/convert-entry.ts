import { quote } from '../../config/quote.ts';
import type { MapEntry, MapNode, SyntaxNode } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { limitEntries } from './limit-entries.ts';
import { listenTexts } from './listen-texts.ts';
import type { ParseContext } from './parse-context.ts';
import { programEntries } from './program-entries.ts';
import type { ServiceEntry } from './service-entry.ts';
import { socketEntries } from './socket-entries.ts';
import type { Word } from './word.ts';

/** A service in our words, without its name. */
export interface ServiceDraft {
  readonly entry: ServiceEntry;
  readonly listen: readonly SyntaxNode[];
  /** All but `listen`. */
  readonly settings: MapNode;
}

interface Context extends ParseContext {
  readonly defaultHosts: readonly Word[] | undefined;
}

/** A stream over UDP is none. */
function checkType({ socketType, transport }: ServiceEntry, { report }: Context): void {
  const { kind, at } = transport;
  if (kind === 'unix' || (kind === 'udp' ? socketType === 'dgram' : socketType === 'stream')) return;
  const message = `Cannot have a ${socketType} socket of ${quote(kind)}: must be "${kind === 'udp' ? 'dgram' : 'stream'}"`;
  report.add({ code: 'inetd/socket-type', at, message });
}

/** tcpmux reads a line itself, so that its services cannot accept. */
function isWaiting({ wait, subject, program }: ServiceEntry): boolean {
  return wait && subject.kind !== 'mux' && program.kind === 'server';
}

function rpcEntry({ subject }: ServiceEntry): MapEntry | undefined {
  if (subject.kind !== 'rpc') return undefined;
  const { program, versions } = subject;
  const number = /^[1-9][0-9]{0,9}$/.test(program.text) ? Number(program.text) : program.text;
  const rows = [
    entryOf('program', scalarNode(number, program.place)),
    entryOf('versions', scalarNode(versions.text, versions.place)),
  ];
  return entryOf('rpc', mapNode(rows, { ...program.place, end: versions.place.end }));
}

/** A later entry of the same key wins: a limit of 0 switches a service off. */
function settingsOf(entry: ServiceEntry, context: Context): MapNode {
  const { waitAt, head } = entry;
  const rows = [
    entry.isEnabled ? undefined : entryOf('enabled', scalarNode(false, head.place)),
    rpcEntry(entry),
    ...socketEntries(entry, context.dialect),
    isWaiting(entry) ? entryOf('wait', scalarNode(true, waitAt)) : undefined,
    ...programEntries(entry, context),
    ...limitEntries({ ...entry, wait: isWaiting(entry) }, context),
  ];
  return mapNode(rows, entry.place);
}

/** An entry of the file in the words of a native document; what cannot be is in the report. */
export function convertEntry(entry: ServiceEntry, context: Context): ServiceDraft {
  checkType(entry, context);
  return { entry, listen: listenTexts(entry, context), settings: settingsOf(entry, context) };
}

/** The service as a native document has it. */
export function draftNode({ entry, listen, settings }: ServiceDraft): MapNode {
  const [only] = listen;
  const value = listen.length === 1 && only ? only : listNode(listen, entry.head.place);
  return mapNode([entryOf('listen', value), ...settings.entries.values()], entry.place);
}
