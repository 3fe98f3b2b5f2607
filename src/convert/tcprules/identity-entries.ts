import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { parseIdentity } from './identity-words.ts';
import { knownText } from './option-words.ts';
import type { ServerCall } from './server-call.ts';
import type { ShellWord } from './shell-word.ts';
import type { Surroundings, WrittenIdentity } from './surroundings.ts';

interface Context {
  readonly set: Surroundings;
  readonly report: Report;
}

function principal(word: ShellWord): ReturnType<typeof scalarNode> {
  const isNumber = /^(0|[1-9][0-9]{0,9})$/.test(word.text);
  return scalarNode(isNumber ? Number(word.text) : word.text, word.place);
}

function ownIdentity(call: ServerCall, { set, report }: Context): WrittenIdentity | undefined {
  if (call.user) return parseIdentity(call.user, report);
  if (!call.takesNamed) return set.identity;
  if (set.named) return set.named;
  const message = `Cannot use option "-U" of ${quote(call.server.text)}: nothing before it says which UID and GID`;
  report.add({
    code: 'tcprules/option',
    at: call.server.place,
    message,
    help: 'write "envuidgid USER" before it',
  });
  return undefined;
}

/** A group of its own, unless it is the one that the user has anyway. */
function groupWord(
  call: ServerCall,
  { user, group, report }: Partial<WrittenIdentity> & { report: Report },
): ShellWord | undefined {
  const written = call.group ?? group;
  if (!written) return undefined;
  if (written.id?.of === 'group' && written.id.name === user?.text) return undefined;
  return knownText(written, report) === undefined ? undefined : written;
}

/** UID and GID, which a handler would find in its environment, too. */
function warnOfUnused(call: ServerCall, { set, report }: Context): void {
  if (!set.named || call.takesNamed) return;
  const message = `Left "UID" and "GID" unset: ${quote(call.server.text)} does not become ${quote(set.named.user.text)}`;
  const help = 'write option "-U" if it should';
  report.add({ code: 'tcprules/unset', at: set.named.user.place, message, help });
}

/** As whom a handler runs; as who starts the script where nothing says otherwise, and that is root. */
export function identityEntries(call: ServerCall, context: Context): readonly (MapEntry | undefined)[] {
  const { report } = context;
  const before = report.errors;
  warnOfUnused(call, context);
  const identity = ownIdentity(call, context);
  if (!identity) {
    if (report.errors > before) return [];
    const message = `Took root for who runs ${quote(call.program[0]?.text ?? '')}: nothing says otherwise`;
    const help = 'write "user" if the program does not need to be root';
    report.add({ code: 'tcprules/root', at: call.server.place, message, help });
    const own = groupWord(call, { report });
    return [entryOf('user', scalarNode('root', call.server.place)), own && entryOf('group', principal(own))];
  }
  const group = groupWord(call, { ...identity, report });
  const { groups } = identity;
  const place = groups?.[0]?.place;
  return [
    entryOf('user', principal(identity.user)),
    group && entryOf('group', principal(group)),
    groups && place && entryOf('groups', listNode(groups.map(principal), place)),
  ];
}
