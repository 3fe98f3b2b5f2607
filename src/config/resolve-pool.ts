import { isDatagram } from '../model/listen-address.ts';
import type { HostsPolicy } from '../model/policy.ts';
import { POOL_LISTEN_NAME, type PoolPolicy } from '../model/pool-policy.ts';
import type { Program } from '../model/service.ts';
import type { AttributeName } from './document.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** docs/reference/configuration.md repeats them. */
const WORKERS = 2;
const CONNECTIONS = 1;

interface Context {
  readonly report: Report;
  readonly placed: readonly PlacedListener[];
}

interface Contradiction {
  readonly name: AttributeName;
  readonly isMeant: (service: LayeredService) => boolean;
  readonly reason: string;
  readonly help?: string;
}

const ONE_EACH = 'the workers of "pool" have one socket, over which they are given connections';

/** What cannot be meant of a service whose handlers are given connections. */
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    name: 'pool',
    isMeant: ({ settings }) => settings.mode?.value !== 'extended',
    reason: 'in "mode: inetd" each connection has a handler of its own',
    help: 'write "mode: extended"',
  },
  {
    name: 'wait',
    isMeant: ({ settings }) => settings.wait?.value === true,
    reason: 'with "pool" it is zinetd that accepts',
    help: 'write "wait: false"',
  },
  {
    name: 'stderr',
    isMeant: ({ settings }) => settings.stderr?.value === 'socket',
    reason: 'no client is at the other end of what the workers of "pool" are started with',
    help: 'write "stderr: log" or "stderr: none"',
  },
  {
    name: 'builtin',
    isMeant: ({ settings }) => settings.builtin !== undefined,
    reason: 'zinetd serves it itself, and there is nobody for "pool"',
  },
  {
    name: 'redirect',
    isMeant: ({ settings }) => settings.redirect !== undefined,
    reason: 'zinetd relays its connections, and there is nobody for "pool"',
  },
  {
    name: 'sensor',
    isMeant: ({ settings }) => settings.sensor?.value === true,
    reason: 'it serves nobody, and there is nobody for "pool"',
  },
];

function reportConflict(
  service: LayeredService,
  { name, reason, help }: Pick<Contradiction, 'name' | 'reason' | 'help'>,
  report: Report,
): void {
  const { settings } = service;
  const at = placeOfSetting(service, settings[name]?.node ? settings[name] : settings.pool);
  const message = `Cannot use ${quote(name)} in service ${quote(service.name)}: ${reason}`;
  report.add({ code: 'config/conflict', at, message, help });
}

/** Datagrams are no connections. */
function checkListeners(service: LayeredService, { report, placed }: Context): void {
  for (const { listener, place: at } of placed) {
    if (!isDatagram(listener.scheme)) continue;
    const message = `Cannot use "${listener.scheme}://" in service ${quote(service.name)}: the workers of "pool" are given connections`;
    report.add({ code: 'config/conflict', at, message });
  }
}

/** What sd_listen_fds(3) looks at is what zinetd says of the socket to the worker. */
const SET_BY_US: readonly string[] = ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES'];

/** What contradicts `pool`. */
export function checkPool(service: LayeredService, context: Context): void {
  if (!service.settings.pool) return;
  const { report } = context;
  for (const each of CONTRADICTIONS)
    if (each.isMeant(service) && !service.faulty.has(each.name)) reportConflict(service, each, report);
  for (const name of SET_BY_US.filter((each) => service.env.has(each)))
    reportConflict(service, { name: 'env', reason: `zinetd sets ${quote(name)} for "pool"` }, report);
  checkListeners(service, context);
}

/** A rule that starts another handler for some clients has nobody whom it could start. */
export function checkPoolRules(
  service: LayeredService,
  { hosts, report }: { readonly hosts: HostsPolicy | undefined; readonly report: Report },
): void {
  if (!service.settings.pool || !hosts) return;
  const { allow, deny } = hosts.outcomes;
  if (![...allow, ...deny].some(({ variant }) => variant !== 0)) return;
  const reason = `options of its rules change the handler of a client, and ${ONE_EACH}`;
  const help = 'take the options out of the rules, or take out "pool"';
  reportConflict(service, { name: 'hosts_access', reason, help }, report);
}

/** Places that nobody can come to. */
export function checkPoolPlaces(
  service: LayeredService,
  {
    pool,
    most,
    report,
  }: { readonly pool: PoolPolicy | undefined; readonly most: number; readonly report: Report },
): void {
  const places = pool ? pool.workers * pool.maxConnections : 0;
  if (places <= most) return;
  report.add({
    code: 'config/no-effect',
    at: placeOfSetting(service, service.settings.pool),
    message: `Found no use for ${places} places of "pool" in service ${quote(service.name)}: "instances" lets in ${most} at the most`,
    help: `write "instances: ${places}", or more`,
  });
}

/** As what a worker is started: its socket is one of packets to the dispatcher. */
export function pooledProgram({ settings }: LayeredService, program: Program): Program {
  return settings.pool ? { ...program, isRelayed: true, listenName: POOL_LISTEN_NAME } : program;
}

/** Undefined: a handler for each connection. */
export function resolvePool({ settings }: LayeredService): PoolPolicy | undefined {
  const written = settings.pool?.value;
  return (
    written && {
      workers: written.workers ?? WORKERS,
      maxConnections: written.max_connections_per_worker ?? CONNECTIONS,
      maxRequests: written.max_requests,
      maxAgeMs: written.max_age === undefined ? undefined : durationMs(written.max_age),
    }
  );
}
