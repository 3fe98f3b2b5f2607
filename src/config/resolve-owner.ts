import type { SocketOwner } from '../model/service.ts';
import { askHost } from './ask-host.ts';
import type { Principal } from './document.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Setting } from './settings.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** For whoever runs in the same group, as nobody else needs it by default. */
const STANDARD_MODE = 0o660;

/** The id of a name or number; undefined where none is written, or after a report. */
function idOf(
  service: LayeredService,
  {
    setting,
    find,
    what,
    report,
  }: Context & {
    readonly setting: Setting<Principal> | undefined;
    readonly find: (name: string) => number | undefined;
    readonly what: 'user' | 'group';
  },
): number | undefined {
  if (!setting || typeof setting.value === 'number') return setting?.value as number | undefined;
  const name = setting.value;
  const at = placeOfSetting(service, setting);
  const found = askHost(() => find(name), { report, at });
  if (!found.failed && found.value === undefined) {
    const message = `Cannot find the ${what} ${quote(name)} of the socket`;
    report.add({ code: `config/unknown-${what}`, at, message });
  }
  return found.value;
}

/** Whose the sockets with a path of a service are. */
export function resolveOwner(service: LayeredService, context: Context): SocketOwner {
  const { socket_user: user, socket_group: group, socket_mode: mode } = service.settings;
  const { host } = context;
  return {
    mode: mode === undefined ? STANDARD_MODE : Number.parseInt(mode.value, 8),
    uid: idOf(service, { ...context, setting: user, find: (name) => host.findUser(name)?.uid, what: 'user' }),
    gid: idOf(service, { ...context, setting: group, find: (name) => host.findGroup(name), what: 'group' }),
  };
}
