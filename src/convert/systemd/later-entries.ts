import { ATTRIBUTE_NAMES } from '../../config/schema.ts';
import type { MapEntry, SyntaxNode } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { parseSize, parseWhole } from './parse-size.ts';
import { pathWords } from './sandbox-entries.ts';
import { lastOf, listOf, placeOfValue, type Setting } from './unit.ts';

const ATTRIBUTES: ReadonlySet<string> = new Set(ATTRIBUTE_NAMES);

/** What a setting becomes; undefined where nothing of ours says it, and "usual" where ours says it anyway. */
type Make = (setting: Setting, context: PairContext) => SyntaxNode | 'usual' | undefined;

const NOTHING = 'nothing in zinetd says that';

function leaveOut(setting: Setting, why: string, { report }: PairContext): undefined {
  const message = `Left out "${setting.name}=${setting.value}": ${why}`;
  report.add({ code: 'systemd/no-counterpart', at: placeOfValue(setting), message });
}

/** An instance has a limit of its own there, and all handlers of a service one together here. */
const OF_ALL = 'in zinetd it would be for all connections together';

function memory(setting: Setting): SyntaxNode | 'usual' | undefined {
  const bytes = parseSize(setting.value);
  if (bytes === Number.POSITIVE_INFINITY) return 'usual';
  return bytes === undefined || bytes === 0 ? undefined : scalarNode(bytes, placeOfValue(setting));
}

function tasks(setting: Setting): SyntaxNode | 'usual' | undefined {
  if (setting.value === 'infinity') return 'usual';
  const count = parseWhole(setting.value);
  return count === undefined || count === 0 ? undefined : scalarNode(count, placeOfValue(setting));
}

function cpu(setting: Setting): SyntaxNode | undefined {
  return /^[1-9][0-9]{0,4}%$/.test(setting.value)
    ? scalarNode(setting.value, placeOfValue(setting))
    : undefined;
}

function word(setting: Setting): SyntaxNode {
  return scalarNode(setting.value, placeOfValue(setting));
}

function killMode(setting: Setting): SyntaxNode | 'usual' | undefined {
  if (setting.value === 'process') return 'usual';
  return setting.value === 'control-group' ? word(setting) : undefined;
}

/** A list of what alone can be executed, if all else cannot. */
function execPaths(_setting: Setting, context: PairContext): SyntaxNode | undefined {
  const words = pathWords(['ExecPaths'], context);
  const [first] = words;
  const isClosed = pathWords(['NoExecPaths'], context).some(({ text }) => text === '/');
  if (!first || !isClosed) return undefined;
  return listNode(
    words.map(({ text, place }) => scalarNode(text, place)),
    first.place,
  );
}

/** `ID:PATH` and `ID:TEXT`; what systemd would look for by itself, or reads in another way, is not there. */
function credentialOf({ name, value: written, ...setting }: Setting): MapEntry | undefined {
  const [, id, value] = /^([^:]+):([^\\%]+)$/s.exec(written) ?? [];
  const at = placeOfValue({ name, value: written, ...setting });
  if (id === undefined || value === undefined) return undefined;
  if (name === 'SetCredential') return entryOf(id, mapNode([entryOf('text', scalarNode(value, at))], at));
  return value.startsWith('/') ? entryOf(id, scalarNode(value, at)) : undefined;
}

function credentials(_setting: Setting, context: PairContext): SyntaxNode | 'usual' {
  const settings = ['SetCredential', 'LoadCredential'].flatMap((name) =>
    listOf(context.service, 'Service', name),
  );
  const entries = settings.map(credentialOf);
  settings.forEach((setting, index) => {
    if (!entries[index]) leaveOut(setting, NOTHING, context);
  });
  const [first] = entries.filter((entry) => entry !== undefined);
  return first ? mapNode(entries, first.value.place) : 'usual';
}

/** Lines of these add up. */
const IS_LIST = /Credential$|ExecPaths$/;
const OF_A_SERVICE: ReadonlySet<string> = new Set(['MemoryMax', 'TasksMax', 'CPUQuota']);

/** Settings whose attributes some zinetd has, by the name of the attribute. */
const ROWS: readonly (readonly [name: string, attribute: string, make: Make])[] = [
  ['MemoryMax', 'memory_max', memory],
  ['TasksMax', 'tasks_max', tasks],
  ['CPUQuota', 'cpu_max', cpu],
  ['KillMode', 'kill_mode', killMode],
  ['AppArmorProfile', 'apparmor_profile', word],
  ['SELinuxContext', 'selinux_context', word],
  ['ExecPaths', 'exec_paths', execPaths],
  ['NoExecPaths', 'exec_paths', execPaths],
  ['LoadCredential', 'credentials', credentials],
  ['SetCredential', 'credentials', credentials],
];

export const LATER_NAMES: readonly string[] = ROWS.map(([name]) => name);

/** What some zinetd can do; where this one cannot, it is said. */
export function laterEntries(context: PairContext): readonly (MapEntry | undefined)[] {
  return ROWS.map(([name, attribute, make]) => {
    const setting = lastOf(context.service, 'Service', name);
    if (!setting || (OF_A_SERVICE.has(name) && setting.value === 'infinity')) return undefined;
    const isShared = context.accepts && OF_A_SERVICE.has(name);
    const node = ATTRIBUTES.has(attribute) && !isShared ? make(setting, context) : undefined;
    if (node === 'usual') return undefined;
    if (node) return entryOf(attribute, node);
    if (name === 'KillMode' && setting.value === 'control-group') return undefined;
    const left = IS_LIST.test(name) ? listOf(context.service, 'Service', name) : [setting];
    for (const each of left) leaveOut(each, isShared ? OF_ALL : NOTHING, context);
    return undefined;
  });
}
