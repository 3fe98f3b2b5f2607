import type { AttributeName } from '../../config/document.ts';
import { quoteWord, withoutSpecifiers } from './quote-word.ts';
import { inService, leaveOut, type UnitContext, type UnitLine } from './unit-writer.ts';

type Make = (value: never) => readonly UnitLine[];

function asLimit(name: string): Make {
  return ((value: string | number) => [
    inService(name, value === 'max' ? 'infinity' : String(value).toUpperCase()),
  ]) as Make;
}

function asWord(name: string): Make {
  return ((value: string) => [inService(name, withoutSpecifiers(value))]) as Make;
}

function execLines(paths: readonly string[]): readonly UnitLine[] {
  return [
    inService('NoExecPaths', '/'),
    inService('ExecPaths', paths.map((path) => quoteWord(`-${path}`)).join(' ')),
  ];
}

type Credential = string | { readonly path: string } | { readonly text: string };

/** systemd passes over a file that is missing, in any case. */
function credentialLines(credentials: Readonly<Record<string, Credential>>): readonly UnitLine[] {
  return Object.entries(credentials).map(([id, value]) => {
    if (typeof value === 'object' && 'text' in value) {
      return inService('SetCredential', `${id}:${quoteWord(value.text).replace(/^"(.*)"$/s, '$1')}`);
    }
    return inService(
      'LoadCredential',
      `${id}:${withoutSpecifiers(typeof value === 'string' ? value : value.path)}`,
    );
  });
}

/** Attributes that only some zinetd has, by name; the first three are of all handlers of a service. */
const ROWS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['memory_max', asLimit('MemoryMax')],
  ['tasks_max', asLimit('TasksMax')],
  ['cpu_max', asLimit('CPUQuota')],
  ['kill_mode', asWord('KillMode')],
  ['exec_paths', execLines as Make],
  ['credentials', credentialLines as Make],
  ['apparmor_profile', asWord('AppArmorProfile')],
  ['selinux_context', asWord('SELinuxContext')],
]);

const OF_ALL: ReadonlySet<string> = new Set(['memory_max', 'tasks_max', 'cpu_max']);

export const LATER_ATTRIBUTES: readonly string[] = [...ROWS.keys()];

/** What some zinetd can keep a program from. */
export function laterLines(context: UnitContext): readonly UnitLine[] {
  return Array.from(ROWS).flatMap(([key, make]) => {
    const name = key as AttributeName;
    const setting = context.service.settings[name];
    if (setting?.node === undefined || (OF_ALL.has(name) && (setting.value as unknown) === 'max')) return [];
    if (OF_ALL.has(name) && !context.isWaiting)
      return leaveOut(name, 'systemd limits each connection by itself', context);
    return make(setting.value as never);
  });
}
