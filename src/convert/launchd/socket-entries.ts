import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { checkKeys, typeFault } from './check-keys.ts';
import { type JobContext, missing, refuseValue } from './job-context.ts';
import { SOCKET_KEYS } from './key-table.ts';
import type { PlistDict, PlistEntry } from './plist-node.ts';
import { dictAt, integerAt } from './plist-values.ts';
import { type SocketDraft, socketDraft } from './socket-draft.ts';

/** The sockets of a key, of which there may be several; names of keys mean nothing. */
function socketsOf({ key, value }: PlistEntry, { report }: JobContext): readonly PlistDict[] {
  const items = value.type === 'array' ? value.items : [value];
  return items.flatMap((item) => {
    if (item.type === 'dict') return [item];
    typeFault(key, item, ['dict'], report);
    return [];
  });
}

export function socketDrafts(context: JobContext): readonly SocketDraft[] {
  const sockets = dictAt(context.job, 'Sockets');
  const dicts = [...(sockets?.entries.values() ?? [])].flatMap((entry) => socketsOf(entry, context));
  if (dicts.length === 0 && !context.job.entries.has('Sockets')) {
    missing(context, 'Sockets', 'a job of inetd listens on what stands there');
  } else if (sockets && sockets.entries.size === 0) {
    missing(context, 'SockServiceName', 'a job of inetd listens on what "Sockets" has', sockets.place);
  }
  for (const dict of dicts) checkKeys(dict, SOCKET_KEYS, context.report);
  return dicts.map((dict) => socketDraft(dict, context)).filter((draft) => draft !== undefined);
}

/** Numbers of a property list are decimal, and modes are thought of in octal. */
function modeEntry(dict: PlistDict, context: JobContext): MapEntry | undefined {
  const mode = integerAt(dict, 'SockPathMode');
  if (!mode) return undefined;
  const { value, place } = mode;
  if (value >= 0 && value <= 0o777) return entryOf('socket_mode', scalarNode(`0${value.toString(8)}`, place));
  const reason = 'it is a decimal number up to 511';
  const help = 'octal 0700 is 448, 0660 is 432, 0666 is 438';
  return refuseValue(context, { key: 'SockPathMode', at: place, written: String(value), reason, help });
}

function ownerEntry(key: string, name: string, dict: PlistDict): MapEntry | undefined {
  const owner = integerAt(dict, name);
  return owner && entryOf(key, scalarNode(owner.value, owner.place));
}

/** A service has one mode for all of its unix sockets. */
function pathEntries(drafts: readonly SocketDraft[], context: JobContext): readonly (MapEntry | undefined)[] {
  const [first, ...others] = drafts.filter(({ isUnix }) => isUnix);
  if (!first) return [];
  for (const key of ['SockPathMode', 'SockPathOwner', 'SockPathGroup']) {
    const own = integerAt(first.dict, key)?.value;
    const other = others.find(({ dict }) => integerAt(dict, key)?.value !== own);
    if (!other) continue;
    const at = other.dict.entries.get(key)?.keyPlace ?? other.dict.place;
    const message = `Cannot carry out "${key}": all unix sockets of a service have the same`;
    context.report.add({ code: 'launchd/not-supported', at, message, help: 'make two jobs of it' });
  }
  return [
    modeEntry(first.dict, context),
    ownerEntry('socket_user', 'SockPathOwner', first.dict),
    ownerEntry('socket_group', 'SockPathGroup', first.dict),
  ];
}

/** Where the service listens, and what its sockets are like. */
export function socketEntries(
  drafts: readonly SocketDraft[],
  context: JobContext,
): readonly (MapEntry | undefined)[] {
  const [only] = drafts;
  const at = dictAt(context.job, 'Sockets')?.place ?? context.job.place;
  if (!only) return [];
  const listen =
    drafts.length === 1
      ? only.listen
      : listNode(
          drafts.map((draft) => draft.listen),
          at,
        );
  return [entryOf('listen', listen), ...pathEntries(drafts, context)];
}
