import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { Dialect } from './dialect.ts';
import type { ServiceEntry } from './service-entry.ts';
import type { Word } from './word.ts';

function textEntry(key: string, word: Word | undefined): MapEntry | undefined {
  return word && entryOf(key, scalarNode(word.text, word.place));
}

/** `660` as a native document has it. */
function modeEntry(entry: ServiceEntry, dialect: Dialect): MapEntry | undefined {
  if (entry.subject.kind !== 'path') return undefined;
  const mode = entry.subject.owner?.mode;
  if (!mode) return entryOf('socket_mode', scalarNode(dialect.socketMode, entry.subject.path.place));
  return entryOf('socket_mode', scalarNode(mode.text.replace(/^[0-7]{3}$/, '0$&'), mode.place));
}

/** Whose the socket is, and how large its buffers are. */
export function socketEntries(entry: ServiceEntry, dialect: Dialect): readonly (MapEntry | undefined)[] {
  const { subject, transport } = entry;
  const owner = subject.kind === 'path' ? subject.owner : undefined;
  return [
    textEntry('socket_user', owner?.user),
    textEntry('socket_group', owner?.group),
    modeEntry(entry, dialect),
    textEntry('send_buffer', transport.sendBuffer),
    textEntry('receive_buffer', transport.receiveBuffer),
  ];
}
