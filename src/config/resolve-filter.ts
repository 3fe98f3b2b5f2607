import { ADDRESS_FAMILIES, isAddressFamily } from '../model/address-family.ts';
import {
  type FamilyList,
  type HandlerFilter,
  RESTRICTIONS,
  type Restriction,
} from '../model/handler-filter.ts';
import { NAMESPACE_NAMES, type NamespaceName } from '../model/namespace.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { resolveCalls } from './resolve-calls.ts';
import type { Settings } from './settings.ts';

function familiesOf({ restrict_address_families: setting }: Settings): FamilyList | undefined {
  if (!setting) return undefined;
  if (setting.value === 'none') return { kind: 'allow', families: [] };
  const names = setting.value.map((name) => name.replace(/^~/, '')).filter(isAddressFamily);
  const families = [...new Set(names.map((name) => ADDRESS_FAMILIES[name]))];
  return { kind: setting.value[0]?.startsWith('~') ? 'deny' : 'allow', families };
}

function deniedNamespacesOf({ restrict_namespaces: setting }: Settings): readonly NamespaceName[] {
  const written = setting?.value ?? false;
  if (written === false) return [];
  return NAMESPACE_NAMES.filter((name) => written === true || !written.includes(name));
}

/** Files that outlive a dynamic user are not to act for whoever has its uid next (S35). */
function isRestricted({ settings }: LayeredService, name: Restriction): boolean {
  const isImplied = name === 'restrict_suid_sgid' && settings.dynamic_user?.value === true;
  return settings[name]?.value ?? isImplied;
}

/** Without root's rights, only who can gain none may have a filter. */
function checkPrivileges(service: LayeredService, report: Report): void {
  const { no_new_privileges: setting } = service.settings;
  if (setting?.value !== false) return;
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, setting),
    message: `Cannot switch off "no_new_privileges" in service ${quote(service.name)}: its system calls are restricted`,
  });
}

function checkError(service: LayeredService, report: Report): void {
  const { system_call_error: error, system_calls: calls } = service.settings;
  const isOwn = service.own.has('system_call_error');
  if (!error || !isOwn || calls || service.faulty.has('system_calls')) return;
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, error),
    message: `Cannot use "system_call_error" in service ${quote(service.name)}: it belongs to "system_calls"`,
  });
}

/** Which system calls the handler may make; undefined where nothing is said about them. */
export function resolveFilter(
  service: LayeredService,
  { report }: { readonly report: Report },
): HandlerFilter | undefined {
  const { settings } = service;
  checkError(service, report);
  const families = familiesOf(settings);
  const deniedNamespaces = deniedNamespacesOf(settings);
  const restrictions = RESTRICTIONS.filter((name) => isRestricted(service, name));
  const isWanted = settings.system_calls || families || deniedNamespaces.length + restrictions.length > 0;
  if (!isWanted) return undefined;
  checkPrivileges(service, report);
  return { ...resolveCalls(service, report), families, deniedNamespaces, restrictions };
}
