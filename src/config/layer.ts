import { PEER_ENV_SETS } from '../model/peer-env.ts';
import type { RlimitName } from '../model/rlimit.ts';
import type { AttributeName, LimitDocument, ServiceDocument } from './document.ts';
import { entryNode } from './entry-node.ts';
import { RLIMIT_NAMES } from './limit-value.ts';
import { ATTRIBUTE_NAMES } from './schema.ts';
import type { ServiceSettings, Setting, Settings, SettingsGroup, ValidDocument } from './settings.ts';
import type { Place } from './source.ts';

/** A service with everything it gets from `defaults` and from us. Attributes that stay unset have no default. */
export interface LayeredService extends SettingsGroup {
  readonly name: string;
  /** What the service sets itself. */
  readonly own: ReadonlySet<AttributeName>;
  readonly place: Place;
  readonly env: ReadonlyMap<string, Setting<string>>;
  readonly rlimits: ReadonlyMap<RlimitName, Setting<LimitDocument>>;
}

type BuiltIn = { readonly [K in AttributeName]?: ServiceDocument[K] };

/** For every attribute whose default does not hang on the host. docs/reference/configuration.md repeats it. */
export const BUILT_IN: BuiltIn = {
  mode: 'inetd',
  wait: false,
  enabled: true,
  umask: '022',
  cwd: '/',
  server_args: [],
  pass_env: [],
  stderr: 'socket',
  listen_fds: false,
  instances: 50,
  match: 'specific',
  hosts_access: false,
  sensor: false,
  deny_time: '1h',
  backlog: 4096,
  v6only: true,
  keepalive: true,
  on_reload: 'keep',
  on_stop: 'wait',
  grace: '5s',
};

/** What is otherwise where the handler is to have no more than its work needs. */
const BUILT_IN_EXTENDED: BuiltIn = {
  ...BUILT_IN,
  mode: 'extended',
  umask: '077',
  no_new_privileges: true,
  capabilities: [],
  scoped: true,
  peer_env: PEER_ENV_SETS,
  stderr: 'log',
  listen_fds: true,
};

/** All written out, so that the limits of a handler never depend on ours (S28). The rest stays inherited. */
export const BUILT_IN_RLIMITS: Readonly<Partial<Record<RlimitName, LimitDocument>>> = {
  cpu: 'unlimited',
  fsize: 'unlimited',
  data: 'unlimited',
  stack: { soft: '8m', hard: 'unlimited' },
  core: 0,
  rss: 'unlimited',
  nofile: 1024,
  memlock: '8m',
  as: 'unlimited',
  locks: 'unlimited',
  msgqueue: 819_200,
  nice: 0,
  rtprio: 0,
  rttime: 'unlimited',
};

/** The entries of a map-like setting as settings of their own. */
function entriesOf<V>(setting: Setting<Readonly<Record<string, V>>> | undefined): [string, Setting<V>][] {
  if (!setting) return [];
  return Object.entries(setting.value).map(([key, value]) => [
    key,
    { value, node: entryNode(setting.node, key) },
  ]);
}

function layerSettings(service: SettingsGroup, defaults: SettingsGroup): SettingsGroup {
  const settings: Record<string, unknown> = Object.create(null);
  const faulty = new Set<AttributeName>(service.faulty);
  const isExtended = (service.settings.mode ?? defaults.settings.mode)?.value === 'extended';
  const builtIn = isExtended ? BUILT_IN_EXTENDED : BUILT_IN;
  for (const name of ATTRIBUTE_NAMES) {
    if (service.faulty.has(name)) continue;
    const own = service.settings[name];
    if (!own && defaults.faulty.has(name)) faulty.add(name);
    else if (own ?? defaults.settings[name]) settings[name] = own ?? defaults.settings[name];
    else if (Object.hasOwn(builtIn, name)) settings[name] = { value: builtIn[name], node: undefined };
  }
  return { settings: settings as Settings, faulty };
}

function layerRlimits(service: Settings, defaults: Settings): LayeredService['rlimits'] {
  const written = new Map([...entriesOf(defaults.rlimits), ...entriesOf(service.rlimits)]);
  const layered = new Map<RlimitName, Setting<LimitDocument>>();
  for (const name of RLIMIT_NAMES) {
    const builtIn = Object.hasOwn(BUILT_IN_RLIMITS, name) ? BUILT_IN_RLIMITS[name] : undefined;
    const setting =
      written.get(name) ?? (builtIn === undefined ? undefined : { value: builtIn, node: undefined });
    if (setting?.value !== undefined) layered.set(name, setting as Setting<LimitDocument>);
  }
  return layered;
}

/** The fourth step, for one service: maps merge, everything else replaces. */
function layerService(service: ServiceSettings, defaults: SettingsGroup): LayeredService {
  return {
    ...layerSettings(service, defaults),
    name: service.name,
    place: service.place,
    own: new Set(Object.keys(service.settings) as AttributeName[]),
    env: new Map([...entriesOf(defaults.settings.env), ...entriesOf(service.settings.env)]),
    rlimits: layerRlimits(service.settings, defaults.settings),
  };
}

/** The fourth step: the document as if every service wrote everything itself. */
export function layerDefaults(document: ValidDocument): readonly LayeredService[] {
  return document.services.map((service) => layerService(service, document.defaults));
}
