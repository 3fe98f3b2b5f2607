import type { Identity } from '../model/service.ts';
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
  const identity = resolveIdentity(service, context);
  if (!host.isPowerless) return identity;
  if (identity && !isRootItself(identity)) refuseOther(service, context);
  return undefined;
}
