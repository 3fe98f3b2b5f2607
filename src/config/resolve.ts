import type { Config } from '../model/config.ts';
import type { Outlet } from '../model/outlet.ts';
import type { DecidePolicy, HostsPolicy } from '../model/policy.ts';
import type { Identity, Program, Service } from '../model/service.ts';
import type { Budget } from './budget.ts';
import { planTree } from './cgroups/plan-tree.ts';
import { resolveCgroup } from './cgroups/resolve-cgroup.ts';
import { checkConfined } from './check-confined.ts';
import { checkDescriptors } from './check-descriptors.ts';
import { checkDynamicUsers } from './check-dynamic-users.ts';
import { checkIdOnly } from './check-id-only.ts';
import { checkProxyProtocol } from './check-proxy-protocol.ts';
import { checkSockets } from './check-sockets.ts';
import { chooseIdentity } from './choose-identity.ts';
import { DistinctRows } from './distinct-rows.ts';
import { freezeDeeply } from './freeze.ts';
import type { Host } from './host.ts';
import { joinDoors } from './join-doors.ts';
import type { LayeredService } from './layer.ts';
import { ListReader } from './list-reader.ts';
import { LogRows } from './log-rows.ts';
import { needsResolver } from './needs-resolver.ts';
import type { Report } from './report.ts';
import { resolveAccess, resolveRules } from './resolve-admission.ts';
import { resolveBanners } from './resolve-banners.ts';
import { checkBuiltin, checkBuiltinSockets, resolveBuiltin } from './resolve-builtin.ts';
import { resolveDaemon } from './resolve-daemon.ts';
import { resolveDecide } from './resolve-decide.ts';
import { resolveDesks } from './resolve-desks.ts';
import { resolveEnvironment } from './resolve-environment.ts';
import { resolveHosts } from './resolve-hosts.ts';
import { resolveLife } from './resolve-life.ts';
import { checkListenFds, listenNameOf } from './resolve-listen-fds.ts';
import { type PlacedListener, resolveListeners } from './resolve-listeners.ts';
import { resolveLog } from './resolve-log.ts';
import { resolveMux } from './resolve-mux.ts';
import { checkPool, checkPoolPlaces, checkPoolRules, pooledProgram, resolvePool } from './resolve-pool.ts';
import { resolveProxyProtocol } from './resolve-proxy-protocol.ts';
import { checkRedirect, checkRedirectSockets, resolveRedirect } from './resolve-redirect.ts';
import { resolveRlimits } from './resolve-rlimits.ts';
import { resolveRpc } from './resolve-rpc.ts';
import { resolveSandbox } from './resolve-sandbox.ts';
import { checkSensor } from './resolve-sensor.ts';
import { checkServer } from './resolve-server.ts';
import { resolveSni } from './resolve-sni.ts';
import { resolveTls } from './resolve-tls.ts';
import { checkWait } from './resolve-wait.ts';
import { type PlacedService, ServiceClaims } from './service-claims.ts';
import type { DaemonSettings } from './settings.ts';
import { settleScope } from './settle-scope.ts';
import type { Sightings } from './sightings.ts';
import type { Trust } from './trust.ts';
import { withinKernel } from './within-kernel.ts';

/** A service before and after its names were looked up: what print.ts prints. */
export interface ResolvedService {
  readonly settings: LayeredService;
  readonly service: Service;
}

export interface Resolution {
  readonly config: Config;
  /** Those that are not enabled as well. */
  readonly services: readonly ResolvedService[];
  readonly daemon: DaemonSettings;
}

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly trusts?: Map<string, Trust>;
  readonly dynamicUids?: Set<number>;
}

function resolveProgram(
  service: LayeredService,
  options: Context & { readonly lists: ListReader; readonly identity: Identity | undefined },
): Program | undefined {
  const { settings } = service;
  const rlimits = resolveRlimits(service, options);
  if (!settings.server || !settings.umask || !settings.cwd || !settings.server_args) return undefined;
  return {
    path: settings.server.value,
    argv: [settings.argv0?.value ?? settings.server.value, ...settings.server_args.value],
    env: resolveEnvironment(service, options),
    identity: options.identity,
    cwd: settings.cwd.value,
    umask: Number.parseInt(settings.umask.value, 8),
    nice: settings.nice?.value,
    rlimits,
    lingerSeconds: undefined,
    keepalive: false,
    peerEnv: settings.peer_env?.value ?? [],
    stderr: settings.stderr?.value ?? 'socket',
    listenName: listenNameOf(service),
    isRelayed: settings.tls !== undefined,
    sandbox: resolveSandbox(service, options),
  };
}

function resolveHandler(
  settings: LayeredService,
  context: Context & { readonly lists: ListReader },
): Program | undefined {
  const identity = chooseIdentity(settings, context);
  if (isEnabled(settings)) checkServer(settings, context);
  const program = resolveProgram(settings, { ...context, identity });
  if (program) checkListenFds(settings, { ...context, program });
  return program && pooledProgram(settings, program);
}

/** What a service is relayed to, where zinetd starts that: it meets no client, and has nothing of any. */
function resolveDaemonProgram(
  settings: LayeredService,
  context: Context & { readonly lists: ListReader },
): Program | undefined {
  const { redirect, idle_stop: idleStop, server, stderr } = settings.settings;
  if (!redirect || !idleStop || !server) return undefined;
  const program = resolveHandler(settings, context);
  // In either mode: there is no client who could read it.
  return program && { ...program, isRelayed: true, peerEnv: [], stderr: stderr?.node ? stderr.value : 'log' };
}

/** What a service starts, and the rules that lead to more than its handler. */
interface Started {
  readonly programs: readonly Program[];
  readonly hosts: HostsPolicy | undefined;
  readonly decide: DecidePolicy | undefined;
}

/** A sensor starts nothing, so that it has no program and nobody to run as. */
function resolvePrograms(
  settings: LayeredService,
  context: Context & { readonly lists: ListReader },
): Started | undefined {
  const isSensor = settings.settings.sensor?.value === true;
  if (isSensor) checkSensor(settings, context.report);
  checkBuiltin(settings, context.report);
  checkRedirect(settings, context.report);
  const isGivenByUs = settings.settings.builtin !== undefined || settings.settings.redirect !== undefined;
  const isFaulty = settings.faulty.has('builtin') || settings.faulty.has('redirect');
  const isProgrammed = !isSensor && !isGivenByUs && !isFaulty;
  const program = isProgrammed ? resolveHandler(settings, context) : undefined;
  const daemon = isFaulty ? undefined : resolveDaemonProgram(settings, context);
  const hosts = resolveHosts(settings, { ...context, program });
  const variants = hosts?.variants ?? [];
  const decide = resolveDecide(settings, { ...context, program, variant: variants.length + 1 });
  if (!program && isProgrammed) return undefined;
  const programs = [program, daemon, ...variants, decide?.program].filter((each) => each !== undefined);
  return { programs, hosts: hosts?.policy, decide: decide?.policy };
}

function resolveService(
  settings: LayeredService,
  context: Context & Rows & { readonly placed: readonly PlacedListener[]; readonly lists: ListReader },
): Service | undefined {
  const started = resolvePrograms(settings, context);
  const access = resolveAccess(settings, context);
  const rules = resolveRules(settings, { ...context, hosts: started?.hosts, decide: started?.decide });
  const listeners = context.placed.map(({ listener }) => listener);
  if (!started || !rules) return undefined;
  checkWait(settings, context);
  checkPool(settings, context);
  checkPoolRules(settings, { ...context, hosts: started.hosts });
  const pool = resolvePool(settings);
  checkPoolPlaces(settings, { ...context, pool, most: rules.instances.hard });
  checkIdOnly(settings, context);
  checkProxyProtocol(settings, context);
  checkConfined(settings, context);
  checkSockets(settings, context);
  checkBuiltinSockets(settings, context);
  checkRedirectSockets(settings, context);
  return {
    ...{
      name: settings.name,
      mode: settings.settings.mode?.value ?? 'inetd',
      listeners,
      programs: started.programs,
      access,
      rules,
    },
    isWaiting: settings.settings.wait?.value === true,
    builtin: resolveBuiltin(settings, context),
    redirect: resolveRedirect(settings, context),
    pool,
    proxy: resolveProxyProtocol(settings, context),
    tls: resolveTls(settings, context),
    banners: resolveBanners(settings, context),
    log: resolveLog(settings, context),
    life: resolveLife(settings, context),
    cgroup: resolveCgroup(settings, context),
    mux: resolveMux(settings),
    sni: resolveSni(settings, context.report),
    rpc: resolveRpc(settings, context),
  };
}

function isEnabled(service: LayeredService): boolean {
  return service.settings.enabled?.value === true;
}

/** What services share. */
interface Rows {
  readonly outlets: DistinctRows<Outlet>;
  readonly logs: LogRows;
}

function placedService(
  settings: LayeredService,
  options: Rows & { readonly placed: readonly PlacedListener[]; readonly service: Service | undefined },
): PlacedService {
  const { placed, service, outlets } = options;
  const target = service?.redirect && outlets.rows[service.redirect.outlet];
  const relay = target?.kind === 'socket' ? { settings, placed, target } : undefined;
  return { settings, placed, rpc: service?.rpc, relay };
}

/** One service; what it listens on is its own from then on. Undefined after a report. */
function resolveOne(
  written: LayeredService,
  context: Context & Rows & { readonly lists: ListReader; readonly claims: ServiceClaims },
): ResolvedService | undefined {
  const { report, claims } = context;
  let placed: readonly PlacedListener[] = [];
  let settings = written;
  const service = report.alone(() => {
    settings = withinKernel(settleScope(written, context), context);
    placed = resolveListeners(settings, context);
    const found = resolveService(settings, { ...context, placed });
    const taken = placedService(settings, { ...context, placed, service: found });
    if (isEnabled(settings)) claims.check(taken, report);
    return found;
  });
  // Where any error refuses everything, all that is written twice is to be shown.
  const isClaiming = isEnabled(settings) && (service !== undefined || !report.leavesOut);
  if (isClaiming) claims.claim(placedService(settings, { ...context, placed, service }));
  return service && { settings, service };
}

/**
 * Lists of addresses and the like are watched in any case; nobody has ever asked to have one stale. Files of another
 * program are read again when it would read them: on HUP.
 */
function watchedOf(
  { watch }: DaemonSettings,
  { sightings, report }: { readonly sightings: Sightings; readonly report: Report },
): Pick<Config, 'watched' | 'globs' | 'isWatchingItself'> {
  const isWatchingItself = watch?.value ?? !report.leavesOut;
  return isWatchingItself
    ? { watched: sightings.files, globs: sightings.globs, isWatchingItself }
    : { watched: sightings.sideFiles, globs: [], isWatchingItself };
}

/**
 * The last step, and the only one that asks the host: names become numbers, paths are checked. Undefined when
 * anything, in this step or an earlier one, was an error that leaves nothing to run.
 */
export function resolve(
  layered: { readonly services: readonly LayeredService[]; readonly daemon: DaemonSettings },
  context: Context & { readonly budget: Budget; readonly sightings: Sightings },
): Resolution | undefined {
  const { report } = context;
  const lists = new ListReader(context);
  const claims = new ServiceClaims();
  const rows = {
    ...{ outlets: new DistinctRows<Outlet>(), logs: new LogRows() },
    ...{ trusts: new Map<string, Trust>(), dynamicUids: new Set<number>() },
  };
  const resolved = layered.services
    .map((settings) => resolveOne(settings, { ...context, ...rows, lists, claims }))
    .filter((service) => service !== undefined);
  const daemon = resolveDaemon(layered.daemon, { ...context, lists });
  const desks = resolveDesks(layered.daemon, { ...context, claims });
  const enabled = joinDoors(
    { enabled: resolved.filter(({ settings }) => isEnabled(settings)), layered: layered.services },
    report,
  );
  claims.checkDoor(report);
  checkDescriptors(enabled, context);
  checkDynamicUsers(resolved, report);
  if (report.isFatal || (report.hasErrors && enabled.length === 0)) return undefined;
  const running = enabled.map(({ service }) => service);
  const config = {
    ...{ services: running, desks, daemon, logs: rows.logs.rows, outlets: rows.outlets.rows },
    ...{ needsResolver: running.some(needsResolver), errors: report.errors },
    cgroups: planTree(
      running.flatMap(({ cgroup }) => cgroup ?? []),
      context.host.cgroups,
    ),
    ...watchedOf(layered.daemon, context),
  };
  return { config: freezeDeeply(config), services: resolved, daemon: layered.daemon };
}
