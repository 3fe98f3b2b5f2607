import { describeListen, isDatagram, type ListenPlace } from '../model/listen-address.ts';
import type { Outlet } from '../model/outlet.ts';
import type { Redirect } from '../model/redirect.ts';
import type { DistinctRows } from './distinct-rows.ts';
import type { AttributeName } from './document.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { parseListen } from './listen.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { resolveAddresses } from './resolve-addresses.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** Longer than two SYNs that were lost. */
const CONNECT_TIMEOUT = '10s';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly outlets: DistinctRows<Outlet>;
}

/** The first address of the target, those of IPv4 first; undefined after a report. */
function placeOf(service: LayeredService, to: string, context: Context): ListenPlace | undefined {
  const { host, report } = context;
  const at = placeOfSetting(service, service.settings.redirect);
  const text = parseListen(to);
  if ('reason' in text || text.kind !== 'inet') return undefined;
  const [address] = resolveAddresses(text, { host, report, at, purpose: 'connect to' });
  if (!address) return undefined;
  if (address.port !== 0) return { scheme: 'tcp', address };
  const message = `Cannot relay service ${quote(service.name)} to ${quote(to)}: nobody listens on port 0`;
  report.add({ code: 'config/invalid-value', at, message });
  return undefined;
}

/** Where connections of a service are relayed to; undefined for every other service, and after a report. */
export function resolveRedirect(service: LayeredService, context: Context): Redirect | undefined {
  const written = service.settings.redirect?.value;
  if (written === undefined) return undefined;
  const options = typeof written === 'string' ? { to: written } : written;
  const place = placeOf(service, options.to, context);
  if (!place) return undefined;
  const idleStop = service.settings.idle_stop?.value;
  const idle = options.idle_timeout ?? service.settings.idle_timeout?.value;
  return {
    outlet: context.outlets.add({ kind: 'socket', ...place }),
    to: describeListen(place),
    connectMs: durationMs(options.connect_timeout ?? CONNECT_TIMEOUT),
    idleMs: idle === undefined ? undefined : durationMs(idle),
    idleStopMs: idleStop === undefined ? undefined : durationMs(idleStop),
  };
}

/** What says which program it is, if one is started for it. */
const OF_A_SERVER: readonly AttributeName[] = ['server', 'server_args', 'argv0'];

/** What only a handler of its own could have. */
const OF_A_HANDLER: readonly AttributeName[] = ['builtin', 'sensor', 'decide', 'rpc'];

/** What says how a handler runs, and says nothing of a service that has none. */
const OF_A_PROCESS: readonly AttributeName[] = [
  ...(['user', 'group', 'groups', 'umask', 'nice', 'cwd', 'env', 'pass_env', 'rlimits'] as const),
  ...(['env_file', 'listen_fds', 'stderr'] as const),
];

/** Settings that contradict each other around `redirect`. */
export function checkRedirect(service: LayeredService, report: Report): void {
  const { settings, name: subject } = service;
  const conflict = (name: AttributeName, reason: string): void => {
    const message = `Cannot use ${quote(name)} in service ${quote(subject)}: ${reason}`;
    report.add({ code: 'config/conflict', at: placeOfSetting(service, settings[name]), message });
  };
  const hasDaemon = settings.idle_stop !== undefined;
  if (hasDaemon && !settings.redirect) conflict('idle_stop', 'it belongs to "redirect"');
  if (!settings.redirect) return;
  if (hasDaemon && !settings.server && !service.faulty.has('server'))
    conflict('idle_stop', 'there is no "server" that could be started');
  if (hasDaemon && settings.private_network?.value)
    conflict('private_network', 'nobody could reach its daemon there');
  if (settings.wait?.value) conflict('wait', 'zinetd relays its connections');
  for (const name of [...(hasDaemon ? [] : OF_A_SERVER), ...OF_A_HANDLER]) {
    const setting = settings[name];
    if (setting?.node && setting.value !== false) conflict(name, 'zinetd relays its connections');
  }
  const useless: readonly AttributeName[] = [...(hasDaemon ? [] : OF_A_PROCESS), 'peer_env'];
  for (const name of useless.filter((each) => service.own.has(each))) {
    const why =
      name === 'peer_env' && hasDaemon ? 'it has many clients' : 'it is relayed, and starts nothing';
    const message = `Found no use for ${quote(name)} in service ${quote(subject)}: ${why}`;
    report.add({ code: 'config/no-effect', at: placeOfSetting(service, settings[name]), message });
  }
}

/** Datagrams and packets have borders, which a stream to the target does not keep. */
export function checkRedirectSockets(
  service: LayeredService,
  { report, placed }: { readonly report: Report; readonly placed: readonly PlacedListener[] },
): void {
  if (!service.settings.redirect) return;
  for (const { listener, place } of placed) {
    const { scheme } = listener;
    if (!isDatagram(scheme) && scheme !== 'unix-seqpacket') continue;
    const message = `Cannot use "${scheme}://" in service ${quote(service.name)}: only streams can be relayed`;
    report.add({ code: 'config/conflict', at: place, message });
  }
}
