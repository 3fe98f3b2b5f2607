import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import type { Word } from './text.ts';
import { lastOf, listOf, placeOfValue, topOf } from './unit.ts';
import { askBoolean, ofService } from './value-of.ts';
import { expandValue, expandWord, plainWords } from './words-of.ts';

/** Whether the handler gets a user of its own. */
export function isDynamic(context: PairContext): boolean {
  return askBoolean(ofService(context, 'DynamicUser'), context)?.value ?? false;
}

/** Nobody says who it is: then it is root. */
export function isRoot(context: PairContext): boolean {
  const user = lastOf(context.service, 'Service', 'User')?.value ?? 'root';
  return !isDynamic(context) && (user === 'root' || user === '0');
}

function nameOf(name: string, context: PairContext): Word | undefined {
  const setting = lastOf(context.service, 'Service', name);
  return (
    setting &&
    expandValue(setting, { unit: context.service, isPerClient: context.accepts, report: context.report })
  );
}

function groupWords(context: PairContext): readonly Word[] {
  const { service, accepts, report } = context;
  const settings = listOf(service, 'Service', 'SupplementaryGroups');
  return settings
    .flatMap(plainWords)
    .map((word) => expandWord(word, { unit: service, isPerClient: accepts, report }))
    .filter((word) => word !== undefined);
}

function dynamicEntries(context: PairContext): readonly MapEntry[] {
  const { service, report } = context;
  const setting = lastOf(service, 'Service', 'DynamicUser');
  for (const name of ['User', 'Group', 'SupplementaryGroups']) {
    const beside = lastOf(service, 'Service', name);
    if (!beside) continue;
    const message = `Left out "${name}=${beside.value}": who has a user of its own has no name and no other groups in zinetd`;
    report.add({ code: 'systemd/no-counterpart', at: placeOfValue(beside), message });
  }
  return [entryOf('dynamic_user', scalarNode(true, setting ? placeOfValue(setting) : topOf(service)))];
}

/** systemd adds these groups to those of the user; zinetd gives either. */
function groupsEntry(context: PairContext, user: Word | undefined): MapEntry | undefined {
  const words = groupWords(context);
  const [first] = words;
  if (!first) return user && entryOf('groups', scalarNode(true, user.place));
  if (user) {
    const message = 'Took the groups of "SupplementaryGroups=" alone: systemd adds them to those of the user';
    const help = 'write those of the user as well, if the program needs them';
    context.report.add({ code: 'systemd/groups', at: first.place, message, help });
  }
  return entryOf(
    'groups',
    listNode(
      words.map(({ text, place }) => scalarNode(text, place)),
      first.place,
    ),
  );
}

/** Whom the program runs as; without a word it is root. */
export function identityEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  if (isDynamic(context)) return dynamicEntries(context);
  const user = nameOf('User', context);
  const group = nameOf('Group', context);
  const name = user?.text === '0' ? 'root' : (user?.text ?? 'root');
  return [
    entryOf('user', scalarNode(name, user?.place ?? topOf(context.service))),
    group && entryOf('group', scalarNode(group.text, group.place)),
    groupsEntry(context, user),
  ];
}
