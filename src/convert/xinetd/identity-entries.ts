import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { Word } from './entry.ts';
import { firstWord } from './first-word.ts';
import { parseSwitch } from './parse-switch.ts';
import { parseWhole } from './parse-whole.ts';
import { refuseValue } from './refuse-value.ts';
import type { ShapedEntry } from './shaped-entry.ts';

const DIGITS = /^[0-9]+$/;
const HIGHEST_NICE = 19;
const LOWEST_NICE = -20;

function principal(key: string, word: Word): MapEntry {
  const value = DIGITS.test(word.text) ? Number(word.text) : word.text;
  return entryOf(key, scalarNode(value, word.place));
}

/** A number for a user is one for its group as well, whatever passwd(5) says. */
function groupEntry({ entry }: ShapedEntry): MapEntry | undefined {
  const [user, group] = [firstWord(entry, 'user'), firstWord(entry, 'group')];
  const word = group ?? (user && DIGITS.test(user.text) ? user : undefined);
  return word && principal('group', word);
}

function umaskEntry({ entry, report }: ShapedEntry): MapEntry | undefined {
  const word = firstWord(entry, 'umask');
  if (!word) return undefined;
  const [, octal] = /^0*([0-7]{1,3})$/.exec(word.text) ?? [];
  if (octal !== undefined) return entryOf('umask', scalarNode(octal.padStart(3, '0'), word.place));
  return refuseValue({ name: 'umask', word, reason: 'must be octal, up to 777' }, report);
}

/** nice(2) takes too much for all there is. */
function niceEntry({ entry, report }: ShapedEntry): MapEntry | undefined {
  const word = firstWord(entry, 'nice');
  const written = word && parseWhole({ name: 'nice', word, least: -0x8000_0000 }, report);
  if (!word || written === undefined) return undefined;
  const value = Math.max(LOWEST_NICE, Math.min(HIGHEST_NICE, written));
  if (value !== written) {
    const message = `Took "nice = ${written}" for ${value}, as the system does`;
    report.add({ code: 'xinetd/limit', at: word.place, message });
  }
  return entryOf('nice', scalarNode(value, word.place));
}

/** As whom the program runs, and how the system treats it. */
export function identityEntries(shaped: ShapedEntry): readonly (MapEntry | undefined)[] {
  const { entry } = shaped;
  const user = firstWord(entry, 'user');
  const groups = parseSwitch('groups', shaped);
  return [
    user && principal('user', user),
    groupEntry(shaped),
    groups === undefined
      ? undefined
      : entryOf('groups', scalarNode(groups, firstWord(entry, 'groups')?.place ?? entry.name.place)),
    umaskEntry(shaped),
    niceEntry(shaped),
  ];
}
