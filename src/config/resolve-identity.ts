import type { Identity } from '../model/service.ts';
import { askHost } from './ask-host.ts';
import type { Principal } from './document.ts';
import type { Host, HostUser } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfItem, placeOfSetting } from './place-of.ts';
import { parsePrincipal } from './principal.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Setting } from './settings.ts';
import type { Place } from './source.ts';

const ROOT = 0;

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** A user that may have no passwd entry, and then neither a name nor a group. */
interface FoundUser {
  readonly uid: number;
  readonly entry: HostUser | undefined;
}

/** Undefined after a report. An unknown user never becomes another one (S24). */
function findUser(value: Principal, context: Context & { readonly at: Place }): FoundUser | undefined {
  const { host, report, at } = context;
  const wanted = parsePrincipal(value);
  const found = askHost(
    () => ('id' in wanted ? host.findUserById(wanted.id) : host.findUser(wanted.name)),
    context,
  );
  if (found.failed) return undefined;
  if ('id' in wanted) return { uid: wanted.id, entry: found.value };
  if (found.value) return { uid: found.value.uid, entry: found.value };
  // A container may have no /etc/passwd; who root is does not depend on it.
  if (wanted.name === 'root') return { uid: ROOT, entry: undefined };
  report.add({
    code: 'config/unknown-user',
    at,
    message: `Cannot find user ${quote(wanted.name)}: no such user`,
  });
  return undefined;
}

/** Undefined after a report. */
function findGroup(value: Principal, context: Context & { readonly at: Place }): number | undefined {
  const wanted = parsePrincipal(value);
  if ('id' in wanted) return wanted.id;
  const found = askHost(() => context.host.findGroup(wanted.name), context);
  if (found.failed || found.value !== undefined) return found.value;
  const message = `Cannot find group ${quote(wanted.name)}: no such group`;
  context.report.add({ code: 'config/unknown-group', at: context.at, message });
  return undefined;
}

/** Root only where it is written as such, and never the uid that the dispatcher has (S145). */
function checkUser(
  service: LayeredService,
  options: Context & { readonly user: FoundUser; readonly setting: Setting<Principal> },
): boolean {
  const { user, setting, host, report } = options;
  const at = placeOfSetting(service, setting);
  if (user.uid === ROOT && setting.value !== 'root') {
    const message = `Cannot run service ${quote(service.name)} as ${quote(String(setting.value))}: it is root by another name`;
    report.add({
      code: 'config/root-by-another-name',
      at,
      message,
      help: 'write "user: root" if root is meant',
    });
    return false;
  }
  if (user.uid !== host.dispatcherUid && user.uid !== host.resolverUid) return true;
  const own = user.uid === host.dispatcherUid ? 'dispatcher' : 'resolver';
  const message = `Cannot run service ${quote(service.name)} as uid ${user.uid}: zinetd's own ${own} runs as it`;
  report.add({ code: 'config/dispatcher-user', at, message, help: 'give the service a user of its own' });
  return false;
}

function resolveGroup(
  service: LayeredService,
  context: Context & { readonly user: FoundUser | undefined },
): number | undefined {
  const { group, user } = service.settings;
  if (group) return findGroup(group.value, { ...context, at: placeOfSetting(service, group) });
  if (context.user?.entry) return context.user.entry.gid;
  if (!context.user || service.faulty.has('group')) return undefined;
  const message = `Cannot choose a group for service ${quote(service.name)}: uid ${context.user.uid} has no passwd entry`;
  const at = placeOfSetting(service, user);
  context.report.add({ code: 'config/group-required', at, message, help: 'write its "group"' });
  return undefined;
}

/** The groups that initgroups(3) would set. */
function ownGroups(
  service: LayeredService,
  context: Context & { readonly user: FoundUser | undefined; readonly gid: number | undefined },
): readonly number[] | undefined {
  const at = placeOfSetting(service, service.settings.groups);
  const { user, gid } = context;
  if (!user || gid === undefined) return undefined;
  const { entry, uid } = user;
  if (!entry) {
    const message = `Cannot find the groups of uid ${uid} in service ${quote(service.name)}: it has no passwd entry`;
    context.report.add({ code: 'config/group-required', at, message, help: 'list them in "groups"' });
    return undefined;
  }
  const found = askHost(() => context.host.groupsOf(entry.name, gid), { report: context.report, at });
  return found.value;
}

function resolveGroups(
  service: LayeredService,
  context: Context & { readonly user: FoundUser | undefined; readonly gid: number | undefined },
): readonly number[] | undefined {
  const setting = service.settings.groups;
  const value = setting?.value ?? false;
  if (value === false) return [];
  if (value === true) return ownGroups(service, context);
  const gids = value.map((item, index) =>
    findGroup(item, { ...context, at: placeOfItem(service, { setting, index }) }),
  );
  const known = gids.filter((gid) => gid !== undefined);
  return known.length === gids.length ? [...new Set(known)] : undefined;
}

function resolveUser(service: LayeredService, context: Context): FoundUser | undefined {
  const setting = service.settings.user;
  if (!setting) {
    if (service.faulty.has('user')) return undefined;
    const message = `Cannot run service ${quote(service.name)}: "user" is missing`;
    const help = 'name the user that it runs as; "user: root" if it must be root';
    return void context.report.add({ code: 'config/user-required', at: service.place, message, help });
  }
  const user = findUser(setting.value, { ...context, at: placeOfSetting(service, setting) });
  return user && checkUser(service, { ...context, user, setting }) ? user : undefined;
}

/** Every name is looked up, even if another one is already known to be wrong. */
export function resolveIdentity(service: LayeredService, context: Context): Identity | undefined {
  const user = resolveUser(service, context);
  const gid = resolveGroup(service, { ...context, user });
  const groups = resolveGroups(service, { ...context, user, gid });
  return user && gid !== undefined && groups ? { uid: user.uid, gid, groups } : undefined;
}

/** A warning, as in xinetd.conf(5): one configuration can serve root and, with less isolation, anybody. */
function warnOfChange(
  service: LayeredService,
  options: Context & { readonly name: 'user' | 'dynamic_user' | 'group' | 'groups'; readonly help: string },
): void {
  const at = placeOfSetting(service, service.settings[options.name]);
  const what = options.name === 'dynamic_user' ? 'take a user by "dynamic_user"' : `change "${options.name}"`;
  const message = `Cannot ${what}: only root can, the handlers run as you`;
  options.report.add({ code: 'config/cannot-change-identity', at, message, help: options.help });
}

function isSameSet(left: readonly number[], right: readonly number[]): boolean {
  return (
    new Set([...left, ...right]).size === new Set(left).size && new Set(left).size === new Set(right).size
  );
}

/**
 * Without root a handler runs as the caller, whatever is written; what says otherwise is warned of.
 */
export function checkCallerIdentity(service: LayeredService, context: Context): void {
  const { user, group, groups, dynamic_user: dynamic } = service.settings;
  const at = placeOfSetting(service, user ?? group ?? groups);
  const caller = askHost(() => context.host.findUserById(context.host.ownerUid), {
    report: context.report,
    at,
  });
  if (caller.failed) return;
  const help = 'remove it, or start zinetd as root';
  if (dynamic?.value === true) warnOfChange(service, { ...context, name: 'dynamic_user', help });
  if (user) {
    const found = findUser(user.value, { ...context, at: placeOfSetting(service, user) });
    const isOther = found && found.uid !== context.host.ownerUid;
    if (isOther) warnOfChange(service, { ...context, name: 'user', help });
  }
  if (group) {
    const gid = findGroup(group.value, { ...context, at: placeOfSetting(service, group) });
    const isOther = gid !== undefined && gid !== caller.value?.gid;
    if (isOther) warnOfChange(service, { ...context, name: 'group', help });
  }
  if (!groups || groups.value === true) return;
  const self = { uid: context.host.ownerUid, entry: caller.value };
  const gid = caller.value?.gid ?? 0;
  const wanted = groups.value === false ? [] : resolveGroups(service, { ...context, user: self, gid });
  const own = caller.value ? context.host.groupsOf(caller.value.name, caller.value.gid) : [];
  if (groups.value === false || (wanted && !isSameSet(wanted, own))) {
    warnOfChange(service, { ...context, name: 'groups', help });
  }
}
