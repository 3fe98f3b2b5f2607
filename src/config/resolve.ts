import type { Config } from '../model/config.ts';
import type { Identity, Program, Service } from '../model/service.ts';
import { freezeDeeply } from './freeze.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import type { Report } from './report.ts';
import { checkCallerIdentity, resolveIdentity } from './resolve-identity.ts';
import { checkDuplicateListeners, type PlacedListener, resolveListeners } from './resolve-listeners.ts';
import { resolveRlimits } from './resolve-rlimits.ts';
import { checkServer } from './resolve-server.ts';
import { UNLIMITED_INSTANCES } from './unlimited-instances.ts';

const ROOT = 0;

/** A service before and after its names were looked up: what print.ts prints. */
export interface ResolvedService {
  readonly settings: LayeredService;
  readonly service: Service;
}

export interface Resolution {
  readonly config: Config;
  /** Those that are not enabled as well. */
  readonly services: readonly ResolvedService[];
}

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** What the configuration says comes first, and wins. */
function resolveEnv(service: LayeredService, host: Host): readonly string[] {
  const env = Array.from(service.env, ([name, setting]) => `${name}=${setting.value}`);
  for (const name of new Set(service.settings.pass_env?.value)) {
    const value = Object.hasOwn(host.environment, name) ? host.environment[name] : undefined;
    if (value !== undefined && !service.env.has(name)) env.push(`${name}=${value}`);
  }
  return env;
}

function resolveInstances(service: LayeredService, report: Report): number {
  const { instances } = service.settings;
  if (typeof instances?.value !== 'string') return instances?.value ?? 0;
  report.add({
    code: 'config/unlimited-instances',
    at: placeOfSetting(service, instances),
    message: `Service "${service.name}" has no limit of instances: its clients can use up the machine`,
    help: 'write a number',
  });
  return UNLIMITED_INSTANCES;
}

function resolveProgram(
  service: LayeredService,
  options: Context & { readonly identity: Identity | undefined },
): Program | undefined {
  const { settings } = service;
  const rlimits = resolveRlimits(service, options);
  if (!settings.server || !settings.umask || !settings.cwd || !settings.server_args) return undefined;
  return {
    path: settings.server.value,
    argv: [settings.argv0?.value ?? settings.server.value, ...settings.server_args.value],
    env: resolveEnv(service, options.host),
    identity: options.identity,
    cwd: settings.cwd.value,
    umask: Number.parseInt(settings.umask.value, 8),
    nice: settings.nice?.value,
    rlimits,
  };
}

function resolveService(
  settings: LayeredService,
  context: Context & { readonly placed: readonly PlacedListener[] },
): Service | undefined {
  let identity: Identity | undefined;
  if (context.host.ownerUid === ROOT) identity = resolveIdentity(settings, context);
  else checkCallerIdentity(settings, context);
  if (isEnabled(settings)) checkServer(settings, context);
  const program = resolveProgram(settings, { ...context, identity });
  const instances = resolveInstances(settings, context.report);
  const listeners = context.placed.map(({ listener }) => listener);
  return program && { name: settings.name, mode: 'inetd', listeners, program, instances };
}

function isEnabled(service: LayeredService): boolean {
  return service.settings.enabled?.value === true;
}

/**
 * The last step, and the only one that asks the host: names become numbers, paths are checked. Undefined when
 * anything, in this step or an earlier one, was an error.
 */
export function resolve(services: readonly LayeredService[], context: Context): Resolution | undefined {
  const resolved: ResolvedService[] = [];
  const listeners: PlacedListener[] = [];
  for (const settings of services) {
    const placed = resolveListeners(settings, context);
    if (isEnabled(settings)) listeners.push(...placed);
    const service = resolveService(settings, { ...context, placed });
    if (service) resolved.push({ settings, service });
  }
  checkDuplicateListeners(listeners, context.report);
  if (context.report.hasErrors) return undefined;
  const enabled = resolved.filter(({ settings }) => isEnabled(settings));
  return { config: freezeDeeply({ services: enabled.map(({ service }) => service) }), services: resolved };
}
