import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makePair } from '../harness/certificates.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { quietPort } from '../integration/quiet-port.ts';

type Service = Readonly<Record<string, unknown>>;
export type Services = Readonly<Record<string, Service>>;

/** Services with a port of their own. */
const WITH_PORT = [
  ...['plain', 'held', 'ext', 'twait', 'uwait', 'upeer', 'mux', 'own', 'target', 'relay'],
  ...['pool', 'tls', 'refused', 'proxied', 'named', 'extra', 'metrics'],
] as const;
export type PortName = (typeof WITH_PORT)[number];

/** Where everything listens. */
export interface Ground {
  readonly ports: Readonly<Record<PortName, number>>;
  /** Of the service `local`. */
  readonly path: string;
  /** The certificate of the service `tls`. */
  readonly ca: string;
  readonly services: Services;
}

export const REFUSED_NET = '127.66.0.0/16';
export const PROXY = '127.0.0.2';

/** Handlers that are over long before the next look, and places for all that may come at once. */
const user = isRoot ? { user: 'nobody' } : {};
const many = { instances: 500, per_source: 'UNLIMITED', ...user };

function portsOf(): Readonly<Record<PortName, number>> {
  const taken = new Set<number>();
  const pick = (): number => {
    const port = quietPort();
    if (taken.has(port)) return pick();
    taken.add(port);
    return port;
  };
  return Object.fromEntries(WITH_PORT.map((name) => [name, pick()])) as Record<PortName, number>;
}

const SANDBOX = {
  system_calls: ['@system-service', '~@privileged'],
  restrict_address_families: ['AF_UNIX', 'AF_INET'],
  memory_deny_write_execute: true,
  restrict_namespaces: true,
  rlimits: { nofile: 64 },
};

/** One service of each kind that there is. */
export function layGround(): Ground {
  const ports = portsOf();
  const at = (name: PortName, scheme = 'tcp') => ({ listen: `${scheme}://127.0.0.1:${ports[name]}` });
  const directory = scratch('soak');
  mkdirSync(join(directory, 'sockets'));
  const path = join(directory, 'sockets/local');
  const { certificate, key } = makePair(directory, { name: 'localhost' });
  const echo = { server: handler('echo'), ...many };
  const services: Services = {
    plain: { ...at('plain'), server: handler('raw'), ...many },
    held: { ...at('held'), ...echo },
    ext: { ...at('ext'), mode: 'extended', ...echo, ...SANDBOX },
    twait: { ...at('twait'), wait: true, server: handler('acceptor'), server_args: ['500'], ...user },
    uwait: { ...at('uwait', 'udp'), wait: true, server: handler('datagrams'), server_args: ['500'], ...user },
    upeer: { ...at('upeer', 'udp'), server: handler('connected'), server_args: ['200'], ...many },
    local: { listen: `unix://${path}`, ...echo },
    mux: { ...at('mux'), builtin: 'tcpmux', instances: 500, per_source: 'UNLIMITED' },
    muxed: { listen: 'tcpmux://muxed', ...echo },
    own: { ...at('own'), builtin: 'echo', instances: 500, per_source: 'UNLIMITED' },
    target: { ...at('target'), ...echo },
    relay: {
      ...{ ...at('relay'), redirect: `tcp://127.0.0.1:${ports.target}` },
      ...{ instances: 500, per_source: 'UNLIMITED' },
    },
    pool: {
      ...{ ...at('pool'), mode: 'extended', server: handler('pooled'), ...many },
      pool: { workers: 2, max_connections_per_worker: 64, max_requests: 500 },
    },
    tls: { ...at('tls'), ...echo, tls: { certificate, key } },
    refused: { ...at('refused'), ...echo, no_access: [REFUSED_NET] },
    proxied: { ...at('proxied'), ...echo, proxy_protocol: { from: [PROXY] } },
    named: { ...at('named'), ...echo, only_from: ['localhost'] },
  };
  return { ports, path, ca: certificate, services };
}

/** What a reload finds: the same, the same in another order, other settings and one service more, or what is no configuration. */
export const RELOADS = {
  unchanged: ({ services }: Ground): string => JSON.stringify({ services }),
  permuted: ({ services }: Ground): string =>
    JSON.stringify({ services: Object.fromEntries(Object.entries(services).reverse()) }),
  changed: ({ services, ports }: Ground): string => {
    const { plain, ext, pool, proxied } = services;
    const extra = { ...plain, listen: `tcp://127.0.0.1:${ports.extra}` };
    const changed = {
      ...{ plain: { ...plain, nice: 1 }, ext: { ...ext, umask: '077' }, pool: { ...pool, nice: 1 } },
      proxied: { ...proxied, instances: 400 },
    };
    return JSON.stringify({ services: { ...services, ...changed, extra } });
  },
  invalid: ({ services }: Ground): string =>
    JSON.stringify({ services: { ...services, plain: { listen: 'nowhere' } } }),
} as const;
