import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProbeReport } from '../integration/probe-report.ts';
import { connect } from './client.ts';
import { datagramClient } from './datagram-client.ts';
import { handler } from './handler.ts';
import { scratch } from './scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from './start-zinetd.ts';

const run = promisify(execFile);

/** Who comes, and what they know of themselves. */
export interface Visit {
  readonly localPort?: number | undefined;
  /** Of the process at the other end of a unix socket. */
  readonly pid?: number | undefined;
}

interface Path {
  /** Attributes of the service. */
  readonly service: (place: string) => Readonly<Record<string, unknown>>;
  readonly come: (zinetd: Zinetd, place: string) => Promise<Visit>;
}

const PACKET = `
import socket, sys
s = socket.socket(socket.AF_UNIX, getattr(socket, sys.argv[2]))
s.connect(sys.argv[1])
try:
    s.send(b"x")
except BrokenPipeError:
    pass # the handler has come and gone: it reads nothing
`;

async function comeTo(
  port: number,
  options: { readonly host?: string; readonly line?: string },
): Promise<Visit> {
  const client = await connect(port, options);
  if (options.line) client.send(options.line);
  const { localPort } = client;
  client.halfClose();
  return { localPort };
}

async function comeByUdp(zinetd: Zinetd, host = '127.0.0.1'): Promise<Visit> {
  const client = await datagramClient(zinetd.port('it'), host);
  await client.send('x');
  return { localPort: client.port };
}

async function comeByUnix(path: string): Promise<Visit> {
  const socket = createConnection({ path });
  await new Promise<void>((done, fail) => socket.once('connect', done).once('error', fail));
  socket.resume();
  return { pid: process.pid };
}

async function comeByPacket(path: string, type: string): Promise<Visit> {
  await run('/usr/bin/python3', ['-c', PACKET, path, type]);
  return {};
}

function inet(listen: string, host?: string): Path {
  return {
    service: () => ({ listen }),
    come: (zinetd) => comeTo(zinetd.port('it'), { ...(host !== undefined && { host }) }),
  };
}

function mux(name: string): Path {
  return {
    service: () => ({ listen: `tcpmux://${name}` }),
    come: (zinetd) => comeTo(zinetd.port('mux'), { line: 'name\r\n' }),
  };
}

/** Every way in which a handler comes to be started. */
export const SPAWN_PATHS: Readonly<Record<string, Path>> = {
  stream: inet('tcp://127.0.0.1:0'),
  'stream of IPv6': inet('tcp://[::1]:0', '::1'),
  'stream of IPv4 on a socket of both': inet('tcp46://*:0'),
  tcpmux: mux('name'),
  'tcpmux with an answer': mux('+name'),
  'unix stream': {
    service: (place) => ({ listen: `unix://${place}` }),
    come: (_, place) => comeByUnix(place),
  },
  'unix packets': {
    service: (place) => ({ listen: `unix-seqpacket://${place}` }),
    come: (_, place) => comeByPacket(place, 'SOCK_SEQPACKET'),
  },
  'datagrams by peer': {
    service: () => ({ listen: 'udp://127.0.0.1:0' }),
    come: (zinetd) => comeByUdp(zinetd),
  },
  'datagrams by peer, IPv6': {
    service: () => ({ listen: 'udp://[::1]:0' }),
    come: (zinetd) => comeByUdp(zinetd, '::1'),
  },
  'waiting stream': {
    service: () => ({ listen: 'tcp://127.0.0.1:0', wait: true }),
    come: (zinetd) => comeTo(zinetd.port('it'), {}),
  },
  'waiting datagrams': {
    service: () => ({ listen: 'udp://127.0.0.1:0', wait: true }),
    come: (zinetd) => comeByUdp(zinetd),
  },
  'waiting unix datagrams': {
    service: (place) => ({ listen: `unix-dgram://${place}`, wait: true }),
    come: (_, place) => comeByPacket(place, 'SOCK_DGRAM'),
  },
};

export interface Probed {
  readonly zinetd: Zinetd;
  readonly visit: Visit;
  readonly report: ProbeReport;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the service listens, or tcpmux for it. */
  readonly port: number | undefined;
}

function environmentOf({ environ }: ProbeReport): Readonly<Record<string, string>> {
  const entries = (environ as readonly string[]).map((entry) => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

/** The probe takes nothing from its socket, so that more are started between any look and the stop. */
const AGAIN_AND_AGAIN = { uncounted: 'its handler takes nothing' };

/** What a handler that is started in one of these ways has been given. */
export async function probeBy(
  name: string,
  attributes: Readonly<Record<string, unknown>>,
  { others, ...options }: Partial<StartOptions> & { others?: Readonly<Record<string, unknown>> } = {},
): Promise<Probed> {
  const path = SPAWN_PATHS[name];
  if (!path) throw new Error(`There is no way "${name}"`);
  const reports = scratch('reports');
  chmodSync(reports, 0o777);
  const file = join(reports, 'report.json');
  const place = join(scratch('sockets'), 'it');
  const it = { server: handler('probe'), server_args: [`to:${file}`], ...path.service(place), ...attributes };
  const services = { it, mux: { listen: 'tcp://127.0.0.1:0', builtin: 'tcpmux' }, ...others };
  const isWaiting = name.startsWith('waiting');
  const zinetd = await startZinetd({ ...options, config: { services }, ...(isWaiting && AGAIN_AND_AGAIN) });
  const visit = await path.come(zinetd, place);
  await zinetd.event(({ event, service }) => event === 'exited' && service === 'it');
  if (!existsSync(file)) throw new Error(`The probe wrote nothing:\n${zinetd.log.describe()}`);
  const report = JSON.parse(readFileSync(file, 'utf8')) as ProbeReport;
  const isMux = name.startsWith('tcpmux');
  const isUnix = name.includes('unix');
  const port = isUnix ? undefined : zinetd.port(isMux ? 'mux' : 'it');
  return { zinetd, visit, report, environment: environmentOf(report), port };
}
