import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RefusalReason } from '../../src/model/refusal-reason.ts';
import { type Client, connect } from '../harness/client.ts';
import { controlLine } from '../harness/control-line.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import type { Zinetd } from '../harness/start-zinetd.ts';

/** How one reason for refusing comes about. */
export interface RefusalScene {
  /** What the service has of its own. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whoever comes from here is refused, once `prepare` is done. */
  readonly from: string;
  /** Somebody else is served by the same service, in the end. */
  readonly isOpenToOthers?: true;
  /** Makes it so; what it connects stays until `leave`. */
  readonly prepare?: (zinetd: Zinetd) => Promise<() => Promise<void>>;
}

const HOUR = 3_600_000;
/** Of max_processes, half of which one source may have. */
export const MOST_PROCESSES = 20;

/** A window that is closed for hours before and after now. */
function closedNow(): string {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  const nowMs = Date.now();
  return `${clock(nowMs + 8 * HOUR)}-${clock(nowMs + 9 * HOUR)}`;
}

/** Connections that stay, each with its handler. */
function hold(service: string, options: { readonly from: string; readonly count: number }) {
  return async (zinetd: Zinetd): Promise<() => Promise<void>> => {
    const clients: Client[] = [];
    for (let count = 0; count < options.count; count++) {
      const client = await connect(zinetd.port(service), { from: options.from });
      await client.readUntil('\n');
      clients.push(client);
    }
    return async () => {
      for (const client of clients) client.halfClose();
      await Promise.all(clients.map((client) => client.ended()));
    };
  };
}

function denyFile(): string {
  const path = join(scratch('hosts'), 'hosts.deny');
  writeFileSync(path, 'ALL: ALL\n');
  return path;
}

/** Somebody who is asked about each connection, and always says no. */
async function startDenier(): Promise<string> {
  const path = join(scratch('denier'), 'socket');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('{"allow": false}\n'));
  });
  await new Promise<void>((done) => server.listen({ path, writableAll: true, readableAll: true }, done));
  onTestFinished(() => void server.close());
  return path;
}

/** A connection that is served, or ends another way, before the others come. */
function visitFirst(service: string, from: string) {
  return async (zinetd: Zinetd): Promise<() => Promise<void>> => {
    const client = await connect(zinetd.port(service), { from });
    client.halfClose();
    await client.ended();
    return async () => {};
  };
}

/** As an operator does. */
function disable(service: string, control: string) {
  return async (): Promise<() => Promise<void>> => {
    const line = await controlLine(control);
    await line.call('disable', { service });
    return async () => {
      line.socket.destroy();
    };
  };
}

const others = { isOpenToOthers: true } as const;
const reject = (check: string) => ({ policies: { [check]: 'reject' } });

/** The others need a handshake first: tls-clients.test.ts has them. */
export type PlainReason = Exclude<RefusalReason, 'certificate'>;

/** A row for each reason: a new one does not compile without (S2). */
export async function refusalScenes(control: string): Promise<Readonly<Record<PlainReason, RefusalScene>>> {
  const ofOneSource = MOST_PROCESSES / 2;
  return {
    address: { settings: { no_access: ['127.81.0.1'] }, from: '127.81.0.1', ...others },
    time: { settings: { access_times: [closedNow()], time_zone: 'UTC' }, from: '127.81.0.2' },
    load: { settings: { max_load: 0.000001 }, from: '127.81.0.3' },
    libwrap: { settings: { hosts_access: { deny: denyFile() } }, from: '127.81.0.4' },
    service_limit: {
      settings: { instances: 1, per_source: 'UNLIMITED' },
      from: '127.81.0.5',
      ...others,
      prepare: hold('service_limit', { from: '127.82.0.5', count: 1 }),
    },
    per_source_limit: {
      settings: { per_source: 1 },
      from: '127.81.0.6',
      ...others,
      prepare: hold('per_source_limit', { from: '127.81.0.6', count: 1 }),
    },
    process_limit: {
      settings: { per_source: 'UNLIMITED' },
      from: '127.81.0.7',
      ...others,
      prepare: hold('process_limit', { from: '127.81.0.7', count: ofOneSource }),
    },
    connections_per_second: {
      settings: { cps: { rate: 1 }, rate_per_source: 'UNLIMITED', ...reject('cps') },
      from: '127.81.0.8',
    },
    banned: {
      settings: {},
      from: '127.81.0.9',
      ...others,
      prepare: visitFirst('trap', '127.81.0.9'),
    },
    sensor: { settings: { sensor: true, deny_time: 'never', server: undefined }, from: '127.81.0.10' },
    per_source_rate: {
      settings: { rate_per_source: { count: 1, per: '1h' } },
      from: '127.81.0.11',
      ...others,
      prepare: visitFirst('per_source_rate', '127.81.0.11'),
    },
    decision: { settings: { decide: { socket: await startDenier() } }, from: '127.81.0.12' },
    unidentified: { settings: { id_only: true }, from: '127.81.0.14' },
    name_lookup: { settings: { no_access: ['bad.example'] }, from: '127.81.0.13' },
    disabled: { settings: {}, from: '127.81.0.15', prepare: disable('disabled', control) },
  };
}

/** The services of a daemon: one for each scene, one that bans and one that serves. */
export function sceneServices(
  scenes: Readonly<Record<string, RefusalScene>>,
  common: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const base = { listen: 'tcp://127.0.0.1:0', server: handler('sleeper'), ...common };
  const trap = { listen: base.listen, sensor: true, deny_time: '1h' };
  const services = Object.entries(scenes).map(([name, { settings }]) => [name, { ...base, ...settings }]);
  return { ...Object.fromEntries(services), trap, plain: base };
}
