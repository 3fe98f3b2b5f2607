import { CONFIG_VARIABLE } from '../model/config-variable.ts';
import { peerNamesOf } from '../model/peer-names.ts';
import { ENV_NAME } from './env-name.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import { readEnvFiles } from './read-env-files.ts';
import type { Report } from './report.ts';
import { CREDENTIALS_DIRECTORY } from './sandbox/plan-credentials.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
}

type Given = ReadonlyMap<string, string>;

/** As many as the launch table takes (MAX_STRINGS of src/native/spawner/table.c). */
const MOST_VARIABLES = 4096;
/** What a service manager tells zinetd alone: sd_notify(3), sd_watchdog_enabled(3), sd_listen_fds(3), and its credentials. */
const MANAGERS: ReadonlySet<string> = new Set([
  ...['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID', 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES'],
  'CREDENTIALS_DIRECTORY',
]);
/** Nobody but zinetd says which service a handler is of, unless the service does. */
const SERVICE_VARIABLE = 'ZINETD_SERVICE';
/** What Node makes of bytes that are not UTF-8: the value would be another one. */
const REPLACED = '\uFFFD';

/**
 * With ALL, the starter's variables but for those that tell of a client (what a session of the starter's has left
 * there is not to be taken for a client of the service), and those by which a service manager talks to zinetd.
 */
function passedNames({ settings }: LayeredService, { host }: Pick<Context, 'host'>): readonly string[] {
  const names = settings.pass_env?.value ?? [];
  if (names !== 'ALL') return names;
  const told: ReadonlySet<string> = new Set(peerNamesOf(settings.peer_env?.value ?? []));
  return Object.keys(host.environment).filter(
    (name) => !told.has(name) && !MANAGERS.has(name) && name !== SERVICE_VARIABLE,
  );
}

/** What the set `zinetd` of `peer_env` tells that is the same for all clients, and where credentials are. */
function ownName({ name, settings }: LayeredService): Given {
  const isTold = settings.peer_env?.value.includes('zinetd') === true;
  const told = isTold ? [[SERVICE_VARIABLE, name] as const] : [];
  const place = settings.credentials ? [['CREDENTIALS_DIRECTORY', CREDENTIALS_DIRECTORY] as const] : [];
  return new Map([...told, ...place]);
}

/** Those that the configuration does not have itself, and that are set. */
function passedOn(
  service: LayeredService,
  { host, own }: { readonly host: Host; readonly own: Given },
): readonly (readonly [string, string])[] {
  const { environment } = host;
  return [...new Set(passedNames(service, { host }))].flatMap((name) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    return value === undefined || own.has(name) ? [] : [[name, value] as const];
  });
}

/** What the configuration says, `env` ahead of all else. */
function ownVariables(service: LayeredService, context: Context): Given {
  const written = Array.from(service.env, ([name, { value }]) => [name, value] as const);
  return new Map([...written, ...ownName(service), ...readEnvFiles(service, context), ...written]);
}

function isPlain([name, value]: readonly [string, string]): boolean {
  return ENV_NAME.test(name) && !value.includes(REPLACED);
}

function reportOdd(names: readonly string[], service: LayeredService, { report }: Context): void {
  const [first, ...more] = names;
  if (first === undefined) return;
  const named = more.length === 0 ? quote(first) : `${quote(first)} and ${more.length} more`;
  report.add({
    code: 'config/environment-left-out',
    at: placeOfSetting(service, service.settings.pass_env),
    message: `Cannot pass on ${named} to service ${quote(service.name)}: not a name of letters, digits and "_", or not a value in UTF-8`,
    help: 'list the names that the service needs in "pass_env"',
  });
}

/** It may hold what other services keep from this one. */
function refuseConfiguration(service: LayeredService, { report }: Context): void {
  const { pass_env: names } = service.settings;
  if (!names?.value.includes(CONFIG_VARIABLE)) return;
  report.add({
    code: 'config/environment-left-out',
    at: placeOfSetting(service, names),
    message: `Cannot pass on ${quote(CONFIG_VARIABLE)} to service ${quote(service.name)}: it is the configuration itself`,
    help: 'put what the service needs into "env"',
  });
}

/** Its own variables, then those that it takes over. What the configuration says wins. */
export function resolveEnvironment(service: LayeredService, context: Context): readonly string[] {
  refuseConfiguration(service, context);
  const own = ownVariables(service, context);
  const passed = passedOn(service, { host: context.host, own });
  const odd = passed.filter((variable) => !isPlain(variable));
  reportOdd(
    Array.from(odd, ([name]) => name),
    service,
    context,
  );
  const env = [...own, ...passed.filter(isPlain)].map(([name, value]) => `${name}=${value}`);
  if (env.length > MOST_VARIABLES) {
    context.report.add({
      code: 'config/environment-size',
      at: placeOfSetting(service, service.settings.pass_env),
      message: `Cannot give service ${quote(service.name)} an environment of ${env.length} variables: ${MOST_VARIABLES} is the most`,
      help: 'list the names that the service needs in "pass_env"',
    });
  }
  return env;
}
