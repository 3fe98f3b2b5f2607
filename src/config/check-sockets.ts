import type { Listener } from '../model/service.ts';
import { checkSocketPath } from './check-socket-path.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import { fitsSockets, SOCKET_SETTINGS } from './socket-fit.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly placed: readonly PlacedListener[];
}

/** What the service itself says of sockets that it does not have; `false` says nothing. */
function checkFit(service: LayeredService, { report, placed }: Context): void {
  const listeners = placed.map(({ listener }) => listener);
  for (const name of SOCKET_SETTINGS) {
    const setting = service.settings[name];
    if (!service.own.has(name) || setting?.value === false || fitsSockets(name, listeners)) continue;
    const message = `Found no use for ${quote(name)} in service ${quote(service.name)}: none of its sockets can have it`;
    report.add({ code: 'config/no-effect', at: placeOfSetting(service, setting), message });
  }
}

function pathOf({ address }: Listener): string | undefined {
  return address.family === 'path' && !address.path.startsWith('@') ? address.path : undefined;
}

/** Whether somebody gets in at each kind of socket, as far as `only_from` goes. */
function checkLists(service: LayeredService, { report, placed }: Context): void {
  const { only_from: onlyFrom } = service.settings;
  if (!onlyFrom || onlyFrom.value.length === 0) return;
  const isForLocal = (text: string): boolean => /^(uid|user|gid|group):/.test(text);
  const at = placeOfSetting(service, onlyFrom);
  const warn = (scheme: string): void => {
    const message = `Found nobody in "only_from" of service ${quote(service.name)} who can come by ${quote(`${scheme}://`)}`;
    report.add({ code: 'config/list-of-others', at, message });
  };
  for (const scheme of new Set(placed.map(({ listener }) => listener.scheme))) {
    const isUnix = scheme === 'unix' || scheme === 'unix-seqpacket';
    if (scheme === 'unix-dgram') continue; // refused elsewhere
    if (scheme === 'vsock' || !onlyFrom.value.some((text) => isForLocal(text) === isUnix)) warn(scheme);
  }
}

/** Whether the sockets of a service are as its settings want them. */
export function checkSockets(service: LayeredService, context: Context): void {
  checkFit(service, context);
  checkLists(service, context);
  if (service.settings.enabled?.value !== true) return;
  for (const { listener, place } of context.placed) {
    const path = pathOf(listener);
    if (path !== undefined) checkSocketPath(path, { ...context, at: place });
  }
}
