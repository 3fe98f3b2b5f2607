import type { AttributeName } from '../../config/document.ts';
import { quoteWord } from './quote-word.ts';
import { inService, type UnitContext, type UnitLine } from './unit-writer.ts';

type Make = (value: never, context: UnitContext) => readonly UnitLine[];

function asSwitch(name: string): Make {
  return ((value: unknown) => {
    if (value === false) return [];
    return [inService(name, value === true ? 'yes' : String(value))];
  }) as Make;
}

function asPaths(name: string): Make {
  // A path that is not there is passed over here.
  return ((paths: readonly string[]) =>
    paths.length === 0
      ? []
      : [inService(name, paths.map((path) => quoteWord(`-${path}`)).join(' '))]) as Make;
}

function isRoot({ service: { settings } }: UnitContext): boolean {
  return settings.dynamic_user?.value !== true && (settings.user?.value ?? 'root') === 'root';
}

function capabilityLines(names: readonly string[], context: UnitContext): readonly UnitLine[] {
  const bounds = inService('CapabilityBoundingSet', names.join(' '));
  return isRoot(context) || names.length === 0
    ? [bounds]
    : [bounds, inService('AmbientCapabilities', names.join(' '))];
}

function callLines(entries: readonly string[], { service }: UnitContext): readonly UnitLine[] {
  const error = service.settings.system_call_error?.value ?? 'EPERM';
  const lines = entries.map((entry) => inService('SystemCallFilter', entry));
  return error === 'kill' ? lines : [...lines, inService('SystemCallErrorNumber', error)];
}

function familyLines(value: 'none' | readonly string[]): readonly UnitLine[] {
  if (value === 'none') return [inService('RestrictAddressFamilies', value)];
  const isDenied = value[0]?.startsWith('~') === true;
  const names = value.map((name) => name.replace(/^~/, '')).join(' ');
  return [inService('RestrictAddressFamilies', `${isDenied ? '~' : ''}${names}`)];
}

function namespaceLines(value: boolean | readonly string[]): readonly UnitLine[] {
  if (typeof value === 'boolean') return value ? [inService('RestrictNamespaces', 'yes')] : [];
  return [inService('RestrictNamespaces', value.join(' '))];
}

/** By the names of attributes. */
const ROWS: ReadonlyMap<string, Make> = new Map<string, Make>([
  ['no_new_privileges', asSwitch('NoNewPrivileges')],
  ['private_tmp', asSwitch('PrivateTmp')],
  ['private_network', asSwitch('PrivateNetwork')],
  ['private_ipc', asSwitch('PrivateIPC')],
  ['protect_system', asSwitch('ProtectSystem')],
  ['protect_home', asSwitch('ProtectHome')],
  ['restrict_suid_sgid', asSwitch('RestrictSUIDSGID')],
  ['restrict_realtime', asSwitch('RestrictRealtime')],
  ['lock_personality', asSwitch('LockPersonality')],
  ['memory_deny_write_execute', asSwitch('MemoryDenyWriteExecute')],
  ['read_only_paths', asPaths('ReadOnlyPaths')],
  ['read_write_paths', asPaths('ReadWritePaths')],
  ['capabilities', capabilityLines as Make],
  ['system_calls', callLines as Make],
  ['restrict_address_families', familyLines as Make],
  ['restrict_namespaces', namespaceLines as Make],
]);

export const SANDBOX_ATTRIBUTES: readonly string[] = [...ROWS.keys(), 'system_call_error'];

/** What the program is kept from. */
export function sandboxLines(context: UnitContext): readonly UnitLine[] {
  return Array.from(ROWS).flatMap(([name, make]) => {
    const setting = context.service.settings[name as AttributeName];
    return setting === undefined ? [] : make(setting.value as never, context);
  });
}
