import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { isDynamic, isRoot } from './identity-entries.ts';
import type { PairContext } from './pair.ts';
import type { Word } from './text.ts';
import { lastOf, listOf, placeOfValue, topOf } from './unit.ts';
import { askBoolean, ofService, refuseSetting } from './value-of.ts';
import { expandWord, quotedWords } from './words-of.ts';

/** What is on or off in both. */
const SWITCHES: readonly (readonly [name: string, attribute: string])[] = [
  ['NoNewPrivileges', 'no_new_privileges'],
  ['PrivateTmp', 'private_tmp'],
  ['PrivateNetwork', 'private_network'],
  ['PrivateIPC', 'private_ipc'],
  ['PrivatePIDs', 'private_pids'],
  ['RestrictRealtime', 'restrict_realtime'],
  ['RestrictSUIDSGID', 'restrict_suid_sgid'],
  ['LockPersonality', 'lock_personality'],
  ['MemoryDenyWriteExecute', 'memory_deny_write_execute'],
];

/** systemd switches these on for a user that is nobody's. */
const OF_DYNAMIC_USER: ReadonlySet<string> = new Set(['NoNewPrivileges', 'PrivateTmp', 'RestrictSUIDSGID']);

export const SANDBOX_SWITCHES: readonly string[] = SWITCHES.map(([name]) => name);

function switchEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  const dynamic = isDynamic(context);
  return SWITCHES.map(([name, attribute]) => {
    const setting = lastOf(context.service, 'Service', name);
    // A word of systemd 257 for PrivateTmp=, which is what zinetd has.
    const isOn =
      setting?.value === 'disconnected' || askBoolean(ofService(context, name), context)?.value === true;
    if (!isOn && !(dynamic && OF_DYNAMIC_USER.has(name))) return undefined;
    return entryOf(attribute, scalarNode(true, setting ? placeOfValue(setting) : topOf(context.service)));
  });
}

type Level = string | boolean | undefined;

function levelOf(name: string, words: Readonly<Record<string, Level>>, context: PairContext): Level {
  const setting = lastOf(context.service, 'Service', name);
  if (!setting) return undefined;
  if (Object.hasOwn(words, setting.value)) return words[setting.value];
  return askBoolean(ofService(context, name), context)?.value;
}

function levelEntry(
  name: string,
  attribute: string,
  { level, context }: { level: Level; context: PairContext },
): MapEntry | undefined {
  const setting = lastOf(context.service, 'Service', name);
  if (level === undefined || level === false) return undefined;
  return entryOf(attribute, scalarNode(level, setting ? placeOfValue(setting) : topOf(context.service)));
}

function protectEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  const isOfDynamic = isDynamic(context);
  const system = levelOf('ProtectSystem', { full: 'full', strict: 'strict' }, context);
  const home = levelOf('ProtectHome', { 'read-only': 'read-only', tmpfs: true }, context);
  return [
    levelEntry('ProtectSystem', 'protect_system', { level: isOfDynamic ? 'strict' : system, context }),
    levelEntry('ProtectHome', 'protect_home', { level: isOfDynamic ? home || 'read-only' : home, context }),
  ];
}

/** What `ProtectKernelTunables=` and `ProtectControlGroups=` make read-only. */
const KERNEL_PATHS: Readonly<Record<string, readonly string[]>> = {
  ProtectKernelTunables: [
    ...['/proc/sys', '/proc/sysrq-trigger', '/proc/latency_stats', '/proc/mtrr', '/proc/apm', '/proc/acpi'],
    ...['/proc/timer_stats', '/proc/asound', '/proc/bus', '/proc/fs', '/proc/irq', '/sys'],
  ],
  ProtectControlGroups: ['/sys/fs/cgroup'],
};

function kernelPaths(context: PairContext): readonly Word[] {
  return Object.entries(KERNEL_PATHS).flatMap(([name, paths]) => {
    const setting = lastOf(context.service, 'Service', name);
    const isOn =
      setting && /^(strict|private)$/.test(setting.value)
        ? true
        : askBoolean(ofService(context, name), context)?.value;
    return isOn && setting ? paths.map((text) => ({ text, place: placeOfValue(setting) })) : [];
  });
}

/** Paths without the signs before them: one that is not there is passed over in any case, and "+" is below the root. */
export function pathWords(names: readonly string[], context: PairContext): readonly Word[] {
  const { service, accepts, report } = context;
  const root = lastOf(service, 'Service', 'RootDirectory')?.value ?? '';
  return names
    .flatMap((name) => listOf(service, 'Service', name))
    .flatMap((setting) => quotedWords(setting, context) ?? [])
    .map((word) => {
      const [signs = ''] = /^[-+!]*/.exec(word.text) ?? [];
      const text = `${signs.includes('+') ? root : ''}${word.text.slice(signs.length)}`;
      return expandWord({ ...word, text }, { unit: service, isPerClient: accepts, report });
    })
    .filter((word) => word !== undefined);
}

function pathsEntry(attribute: string, words: readonly Word[]): MapEntry | undefined {
  const [first] = words;
  const unique = new Map(words.map((word) => [word.text, word]));
  return (
    first &&
    entryOf(
      attribute,
      listNode(
        Array.from(unique.values(), ({ text, place }) => scalarNode(text, place)),
        first.place,
      ),
    )
  );
}

function rootEntry(context: PairContext): MapEntry | undefined {
  const [word] = pathWords(['RootDirectory'], context);
  return word && word.text !== '/' ? entryOf('chroot', scalarNode(word.text, word.place)) : undefined;
}

function cwdEntry(context: PairContext): MapEntry | undefined {
  const setting = lastOf(context.service, 'Service', 'WorkingDirectory');
  const [word] = pathWords(['WorkingDirectory'], context).slice(-1);
  if (!setting || !word) return undefined;
  // For root of this machine; whose home it is otherwise only passwd(5) says.
  const path = word.text === '~' && isRoot(context) ? '/root' : word.text;
  if (path.startsWith('/')) return entryOf('cwd', scalarNode(path, word.place));
  return refuseSetting(setting, 'must be an absolute path here', context);
}

/** What the program sees of the system. */
export function sandboxEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  return [
    rootEntry(context),
    cwdEntry(context),
    ...switchEntries(context),
    ...protectEntries(context),
    pathsEntry('read_only_paths', [
      ...pathWords(['ReadOnlyPaths', 'ReadOnlyDirectories'], context),
      ...kernelPaths(context),
    ]),
    pathsEntry('read_write_paths', pathWords(['ReadWritePaths', 'ReadWriteDirectories'], context)),
  ];
}
