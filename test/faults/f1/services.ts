import { rmdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makePair, type Pair } from '../../harness/certificates.ts';
import { handler } from '../../harness/handler.ts';
import { madeCgroup, OwnCgroup } from '../../harness/own-cgroup.ts';
import { scratch } from '../../harness/scratch.ts';
import { freePort } from '../../integration/free-port.ts';
import { pooled } from '../../integration/pooled.ts';

type Service = Readonly<Record<string, unknown>>;

const listen = 'tcp://127.0.0.1:0';
const many = { instances: 500, per_source: 400 };
const program = { server: handler('standing'), user: 'nobody', instances: 500 };
const inetd = { ...program, ...many };
const extended = { ...inetd, mode: 'extended' };
const confined = {
  ...{ ...extended, listen, server_args: ['stream'], groups: [1, 2], nice: 1, rlimits: { nofile: 100 } },
  ...{ read_only_paths: ['/var'], exec_paths: ['/usr', '/bin', '/lib', '/lib64', handler('standing')] },
  ...{ system_calls: ['@system-service'] },
};
const hidden = {
  ...{ ...extended, listen, server_args: ['stream'], protect_system: 'strict', protect_home: true },
  ...{ private_pids: true, private_ipc: true, private_network: true },
};

/** What the scene is made with, and where its files are. */
export interface Place {
  readonly directory: string;
  readonly pair: Pair;
  /** One that nobody else has, for what keeps its address over a reload that changes its socket. */
  readonly port: number;
  readonly target: string;
  /** Not every machine lets one be made. */
  readonly cgroup: OwnCgroup | undefined;
}

function someCgroup(): OwnCgroup | undefined {
  const path = madeCgroup();
  if (path === undefined) return undefined;
  rmdirSync(path);
  return new OwnCgroup();
}

export async function makePlace(target: string): Promise<Place> {
  const directory = scratch('f1');
  for (const name of ['banner', 'refusal'])
    writeFileSync(join(directory, name), `${name}\n`, { mode: 0o644 });
  const pair = makePair(directory, { name: 'localhost' });
  return { directory, target, pair, port: await freePort(), cgroup: someCgroup() };
}

/** As a service manager starts it: in a cgroup of its own, with a socket. */
export function prefixOf({ cgroup }: Place): readonly string[] {
  const activate = ['/usr/bin/python3', resolve('test/fixtures/clients/activate.py')];
  return [...(cgroup?.prefix ?? []), ...activate, 'given=tcp:127.0.0.1:0', '--'];
}

/** Nobody is there, which no client notices. */
const SYSLOG = { syslog: 'daemon', to: 'udp://127.0.0.1:9' };

function common({ directory, pair, target, cgroup }: Place): Readonly<Record<string, Service>> {
  const stream = { ...inetd, listen, server_args: ['stream'] };
  const at = (name: string): string => join(directory, name);
  return {
    nowait: { ...stream, log_type: { file: at('log') } },
    confined,
    hidden,
    filtered: { ...extended, listen, server_args: ['stream'], system_calls: ['~ptrace'] },
    waiting: { ...program, listen, wait: true, server_args: ['listener'] },
    datagrams: { ...program, listen: 'udp://127.0.0.1:0', wait: true, server_args: ['datagram'] },
    peers: { ...inetd, listen: 'udp://127.0.0.1:0', server_args: ['peer'] },
    mux: { listen, builtin: 'tcpmux', ...many },
    muxed: { ...stream, listen: 'tcpmux://muxed' },
    secret: { ...stream, tls: pair },
    proxied: { ...stream, proxy_protocol: { from: ['127.0.0.1'] } },
    told: { ...extended, listen, server_args: ['stream'], banner: at('banner'), log_type: SYSLOG },
    group: { listen: 'udp://224.0.0.231:0', builtin: 'discard', ...many },
    pool: pooled({ workers: 1 }, { ...many, system_calls: ['~ptrace'] }),
    relayed: { listen, redirect: target, ...many },
    built: { listen, builtin: 'echo', ...many },
    packets: { listen: 'udp://127.0.0.1:0', builtin: 'echo', ...many },
    named: { ...stream, only_from: ['localhost'] },
    given: { ...stream, listen: 'fd://given' },
    ended: { ...stream, ...(cgroup && { kill_mode: 'control-group' }) },
    denied: { ...stream, only_from: ['127.0.0.9'], banner_fail: at('refusal') },
  };
}

/** Two configurations, between which reloads go back and forth: sockets stay, come, go, move and change. */
export function servicesOf(place: Place, which: 'first' | 'second'): Readonly<Record<string, Service>> {
  const { directory, port } = place;
  const isFirst = which === 'first';
  const stream = { ...inetd, server_args: ['stream'] };
  return {
    ...common(place),
    local: {
      ...stream,
      listen: `unix://${directory}/socket`,
      socket_mode: isFirst ? '0666' : '0660',
      socket_group: 'nogroup',
      socket_user: 'nobody',
    },
    changed: { ...stream, listen: `tcp://${isFirst ? '127.0.0.1' : '0.0.0.0'}:${port}` },
    changed_packets: {
      listen: `udp://${isFirst ? '127.0.0.1' : '0.0.0.0'}:${port}`,
      builtin: 'echo',
      ...many,
    },
    listed: { ...stream, listen, backlog: isFirst ? 10 : 20 },
    [isFirst ? 'going' : 'coming']: { ...stream, listen, log_type: { file: `${directory}/${which}.log` } },
  };
}
