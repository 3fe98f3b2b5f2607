import { faultOfDenial, parseCallEntry } from '../../config/call-entry.ts';
import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { NAMESPACE_NAMES } from '../../model/namespace.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { isRoot } from './identity-entries.ts';
import type { PairContext } from './pair.ts';
import { parseBoolean } from './parse-boolean.ts';
import type { Word } from './text.ts';
import { lastOf, listOf, placeOfValue, type Setting } from './unit.ts';
import { askBoolean, ofService, refuseSetting } from './value-of.ts';
import { plainWords } from './words-of.ts';

/** The words of a list that "~" in front turns round. */
function signedWords(setting: Setting): { readonly isInverted: boolean; readonly words: readonly Word[] } {
  const isInverted = setting.value.startsWith('~');
  const words = plainWords(setting).map((word, index) =>
    isInverted && index === 0 ? { ...word, text: word.text.slice(1) } : word,
  );
  return { isInverted, words: words.filter(({ text }) => text !== '') };
}

/** systemd ignores a call that it does not know; zinetd refuses it. */
function isCall(word: Word, entry: string, { report }: PairContext): boolean {
  const parsed = parseCallEntry(entry);
  if (!('reason' in parsed)) return true;
  const message = `Left out ${quote(word.text)} of "SystemCallFilter=": ${parsed.reason}`;
  report.add({ code: 'systemd/ignored', at: word.place, message, help: parsed.help });
  return false;
}

function filterWords(context: PairContext): readonly Word[] {
  return listOf(context.service, 'Service', 'SystemCallFilter').flatMap((setting) => {
    const { isInverted, words } = signedWords(setting);
    return words
      .map((word) => ({ ...word, text: `${isInverted ? '~' : ''}${word.text}` }))
      .filter((word) => isCall(word, word.text, context));
  });
}

/** What these deny besides what nobody without privileges can do anyway. */
const DENIED: Readonly<Record<string, readonly string[]>> = {
  ProtectClock: ['~@clock:EPERM'],
  ProtectKernelModules: ['~@module:EPERM'],
  ProtectKernelLogs: ['~syslog:EPERM'],
  ProtectHostname: ['~sethostname:EPERM', '~setdomainname:EPERM'],
};

export const DENYING_SETTINGS: readonly string[] = Object.keys(DENIED);

function deniedWords(context: PairContext): readonly Word[] {
  return Object.entries(DENIED).flatMap(([name, entries]) => {
    const said = askBoolean(ofService(context, name), context);
    if (!said?.value) return [];
    const place = placeOfValue(said.setting);
    if (isRoot(context)) {
      const message = `Kept "${name}=" as far as system calls go: root still has the capabilities and files of it`;
      const help = 'write "capabilities" as well, or another user';
      context.report.add({ code: 'systemd/partial', at: place, message, help });
    }
    return entries.map((text) => ({ text, place }));
  });
}

function callEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  const written = filterWords(context);
  const words = [...written, ...deniedWords(context)];
  const [first] = words;
  const error = lastOf(context.service, 'Service', 'SystemCallErrorNumber');
  const fault = error && faultOfDenial(error.value);
  if (error && fault) refuseSetting(error, fault.reason, context);
  if (!first) return [];
  const at = error ? placeOfValue(error) : first.place;
  return [
    entryOf(
      'system_calls',
      listNode(
        words.map(({ text, place }) => scalarNode(text, place)),
        first.place,
      ),
    ),
    // systemd kills unless told otherwise.
    written.length > 0 ? entryOf('system_call_error', scalarNode(error?.value ?? 'kill', at)) : undefined,
  ];
}

/** A set of names: the first list says whether it allows or denies, later ones add or take away. */
function familiesEntry(context: PairContext): MapEntry | undefined {
  const settings = listOf(context.service, 'Service', 'RestrictAddressFamilies');
  const [first] = settings;
  if (!first) return undefined;
  const denies = first.value.startsWith('~');
  const names = new Map<string, Word>();
  for (const setting of settings) {
    const { isInverted, words } = signedWords(setting);
    for (const word of words.filter(({ text }) => text !== 'none')) {
      if (isInverted === denies) names.set(word.text, word);
      else names.delete(word.text);
    }
  }
  const items = Array.from(names.values(), ({ text, place }) =>
    scalarNode(`${denies ? '~' : ''}${text}`, place),
  );
  const none = denies ? undefined : scalarNode('none', placeOfValue(first));
  const value = items.length > 0 ? listNode(items, placeOfValue(first)) : none;
  return value && entryOf('restrict_address_families', value);
}

const ALL_NAMESPACES: readonly string[] = NAMESPACE_NAMES;

function namespacesEntry(context: PairContext): MapEntry | undefined {
  const settings = listOf(context.service, 'Service', 'RestrictNamespaces');
  let kept: ReadonlySet<string> | undefined;
  for (const setting of settings) {
    const all = parseBoolean(setting.value);
    const { isInverted, words } = signedWords(setting);
    const listed = words.map(({ text }) => text);
    if (all !== undefined) kept = new Set(all ? [] : ALL_NAMESPACES);
    else if (isInverted)
      kept = new Set([...(kept ?? ALL_NAMESPACES)].filter((name) => !listed.includes(name)));
    else kept = new Set([...(kept ?? []), ...listed]);
  }
  const last = settings.at(-1);
  if (!kept || !last || ALL_NAMESPACES.every((name) => kept.has(name))) return undefined;
  const at = placeOfValue(last);
  const names = [...kept].map((name) => scalarNode(name, at));
  return entryOf('restrict_namespaces', names.length === 0 ? scalarNode(true, at) : listNode(names, at));
}

/** What the program may ask of the kernel. */
export function filterEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  return [...callEntries(context), familiesEntry(context), namespacesEntry(context)];
}
