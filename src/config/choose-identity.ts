import type { Identity } from '../model/service.ts';
import { chooseDynamicUser } from './dynamic-user.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { checkCallerIdentity, resolveIdentity } from './resolve-identity.ts';

const ROOT = 0;

interface Context {
  readonly host: Host;
  readonly report: Report;
  /** Uids that services of this configuration have by `dynamic_user`. */
  readonly dynamicUids?: Set<number>;
}

function isRootItself({ uid, gid, groups }: Identity): boolean {
  return uid === ROOT && gid === ROOT && groups.length === 0;
}

/** A handler that runs as root where another user is written would be worse than none (S24). */
function refuseOther(service: LayeredService, { report }: Context): void {
  const { user } = service.settings;
  const who = user === undefined ? 'another user' : quote(String(user.value));
  const message = `Cannot run service ${quote(service.name)} as ${who}: zinetd is root without CAP_SETUID and CAP_SETGID`;
  const help = 'start zinetd as that user, or with both capabilities; "user: root" is what it can do';
  report.add({ code: 'config/powerless-root', at: placeOfSetting(service, user), message, help });
}

/** A user that nobody else is, with nothing of its own; its group has the same number. */
function dynamicIdentity(service: LayeredService, context: Context): Identity | undefined {
  const { settings, name, own } = service;
  const { report, dynamicUids: taken = new Set<number>() } = context;
  const at = placeOfSetting(service, settings.dynamic_user);
  const clash = (['user', 'group', 'groups'] as const).find((attribute) => own.has(attribute));
  if (clash !== undefined) {
    const message = `Cannot use "dynamic_user" in service ${quote(name)}: it has a "${clash}", too`;
    return void report.add({ code: 'config/conflict', at, message });
  }
  const uid = chooseDynamicUser(name, { host: context.host, taken });
  if (uid === undefined) {
    const message = `Cannot find a uid for service ${quote(name)}: all from 61184 to 65519 are taken`;
    return void report.add({ code: 'config/conflict', at, message });
  }
  taken.add(uid);
  return { uid, gid: uid, groups: [] };
}

/**
 * Who the handlers of a service become; undefined where they run as whoever starts zinetd: without root, and where
 * root has lost the power to become somebody else, as in a container without capabilities.
 */
export function chooseIdentity(service: LayeredService, context: Context): Identity | undefined {
  const { host } = context;
  if (host.ownerUid !== ROOT) {
    checkCallerIdentity(service, context);
    return undefined;
  }
  const isDynamic = service.settings.dynamic_user?.value === true;
  const identity = isDynamic ? dynamicIdentity(service, context) : resolveIdentity(service, context);
  if (!host.isPowerless) return identity;
  if (identity && !isRootItself(identity)) refuseOther(service, context);
  return undefined;
}
