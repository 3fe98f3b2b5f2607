import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { statusOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { Secured } from '../integration/secured.ts';
import { percentile, record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const SLOW = '127.0.0.2';
/** Of each kind, in each phase: less than one source may have there. */
const COUNT = scaled({ short: 6, long: 14 });
const TENTH = 0.1;
/** What a busy machine may add. */
const LATE_MS = 1500;
const MOST_P99_MS = 500;

/** Where a connection is before, or while, it is served; and when it ends whatever its client does. */
interface Phase {
  readonly deadlineMs: number;
  readonly service: Readonly<Record<string, unknown>>;
  /** What is said byte by byte, and is never the end of what is waited for. */
  readonly says: string;
}

function phases(): Readonly<Record<string, Phase>> {
  const many = { listen, instances: 500, per_source: 250 };
  const cat = { ...many, server: '/bin/cat', ...user };
  const proxy = { proxy_protocol: { from: [`${SLOW}/32`], timeout: '2s' } };
  const tls = new Secured().service({ handshake_timeout: '2s' }, cat);
  return {
    'PROXY header': { deadlineMs: 2000, service: { ...cat, ...proxy }, says: 'PROXY TCP4 192.0.2.1 192' },
    'TLS handshake': { deadlineMs: 2000, service: tls, says: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' },
    tcpmux: { deadlineMs: 5000, service: { ...many, builtin: 'tcpmux' }, says: 'abcdefghijkl' },
    'built-in': {
      deadlineMs: 3000,
      service: { ...many, builtin: 'echo', max_connection_age: '3s' },
      says: 'abcdefghijkl',
    },
    handler: { deadlineMs: 2000, service: { ...cat, max_connection_age: '2s' }, says: 'abcdefghijkl' },
  };
}

const KINDS = {
  'says nothing': () => {},
  'says a byte now and then': (client, { deadlineMs, says }) => {
    let said = 0;
    const timer = setInterval(() => client.send(says.charAt(said++)), deadlineMs / 4);
    onTestFinished(() => clearInterval(timer));
  },
  'says no more from the beginning': (client) => client.halfClose(),
} satisfies Record<string, (client: Client, phase: Phase) => void>;

/** Node's loop opens a descriptor of its own for the first of all streams, and keeps it. */
async function warmUp(zinetd: Zinetd, port: number): Promise<void> {
  await ask(port, 'no TLS');
  await zinetd.event('failed');
  await zinetd.settled();
}

/** When such a client was let go. */
async function suffer(
  port: number,
  phase: Phase,
  act: (client: Client, phase: Phase) => void,
): Promise<number> {
  const client = await connect(port, { from: SLOW });
  const startMs = performance.now();
  act(client, phase);
  await client.ended();
  const tookMs = performance.now() - startMs;
  client.socket.destroy();
  return tookMs;
}

/** Others come all the time, until it is over; how long each took. */
async function beside<T>(
  zinetd: Zinetd,
  act: Promise<T>,
): Promise<{ readonly done: T; readonly p99Ms: number }> {
  let isOver = false;
  const durations: number[] = [];
  const keepComing = async (): Promise<void> => {
    while (!isOver) {
      const { code, received, durationMs } = await visit(zinetd.port('quick'));
      expect({ code, received }).toEqual({ code: undefined, received: 'ok\n' });
      durations.push(durationMs);
      // A client now and then: the load is not what is measured.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const coming = keepComing();
  const done = await act.finally(() => {
    isOver = true;
  });
  await coming;
  return { done, p99Ms: percentile(durations, 99) };
}

const quick = { listen, server: handler('raw'), instances: 100, per_source: 'UNLIMITED', ...user };

describe('a client', () => {
  test.each(Object.entries(KINDS))(
    'that %s is let go at the deadline of its phase, and delays no other source (F8, S79, S80)',
    async (kind, act) => {
      const all = phases();
      const services = Object.fromEntries(
        Object.entries(all).map(([name, it]) => [name.replace(/\W/g, '_'), it.service]),
      );
      const zinetd = await startZinetd({ config: { services: { quick, ...services } }, lossy: true });
      await warmUp(zinetd, zinetd.port('TLS_handshake'));
      const lives = Object.entries(all).map(async ([name, phase]) => {
        const port = zinetd.port(name.replace(/\W/g, '_'));
        const took = await Promise.all(Array.from({ length: COUNT }, () => suffer(port, phase, act)));
        return { name, phase, took };
      });
      const { done, p99Ms } = await beside(zinetd, Promise.all(lives));
      const isPatient = kind !== 'says no more from the beginning';
      for (const { name, phase, took } of done) {
        const { deadlineMs } = phase;
        const [first, last] = [Math.min(...took), Math.max(...took)];
        const value = `${Math.round(first)} to ${Math.round(last)}`;
        const bar = isPatient ? `${deadlineMs}, 10 % less or more` : `less than ${deadlineMs}`;
        record({ fault: 'F8', figure: `${name}, a client that ${kind}: let go after, ms`, value, bar });
        if (isPatient) expect(first, name).toBeGreaterThan(deadlineMs * (1 - TENTH));
        expect(last, name).toBeLessThan(
          isPatient ? deadlineMs * (1 + TENTH) + LATE_MS : deadlineMs * (1 - TENTH),
        );
      }
      const figure = `beside a client that ${kind}: another source, p99, ms`;
      record({ fault: 'F8', figure, value: rounded(p99Ms), bar: 'at most 100, where nothing else runs' });
      expect(p99Ms).toBeLessThan(MOST_P99_MS);
    },
    60_000,
  );

  test('whose window is closed is let go at the deadline, and delays no other source (F8, S79, S96)', async () => {
    const many = { listen, instances: 100, per_source: 100 };
    const echo = { ...many, builtin: 'echo', max_connection_age: '2s' };
    const writer = { ...many, server: '/usr/bin/yes', max_connection_age: '2s', ...user };
    const zinetd = await startZinetd({ config: { services: { quick, echo, writer } } });
    const startMs = Date.now();
    const deaf = ['echo', 'writer'].flatMap((name) =>
      Array.from({ length: COUNT }, () => openDeaf(zinetd.port(name))),
    );
    const ends = () =>
      zinetd.log.all.filter(({ event, service }) => event === 'exited' && service !== 'quick');
    const ending = until(() => ends().length === deaf.length, { what: 'all are let go' });
    const { p99Ms } = await beside(zinetd, ending);
    const took = ends().map(({ time }) => Date.parse(time) - startMs);
    const value = `${Math.round(Math.min(...took))} to ${Math.round(Math.max(...took))}`;
    record({
      fault: 'F8',
      figure: 'a closed window: let go after, ms',
      value,
      bar: '2000, 10 % less or more',
    });
    const figure = 'beside closed windows: another source, p99, ms';
    record({ fault: 'F8', figure, value: rounded(p99Ms), bar: 'at most 100, where nothing else runs' });
    expect(Math.min(...took)).toBeGreaterThan(2000 * (1 - TENTH));
    expect(Math.max(...took)).toBeLessThan(2000 * (1 + TENTH) + LATE_MS);
    expect(p99Ms).toBeLessThan(MOST_P99_MS);
    for (const socket of deaf) socket.destroy();
  }, 60_000);
});

/** Somebody who never reads, and has much to say: more than all buffers on the way hold. */
function openDeaf(port: number): Socket {
  const socket = createConnection({ port, host: '127.0.0.1', localAddress: SLOW }).pause();
  socket.on('error', () => {}).write(Buffer.alloc(16 * 1024 * 1024));
  return socket;
}

/** The plan has 20,000: as many as one process may have descriptors here. */
const IDLE = scaled({ short: 500, long: 8000 });
const MOST_IDLE_KIB = 32;

test(`${IDLE} idle connections cost little memory each, no other source anything, and are all let go (F8, S79)`, async () => {
  const idle = { listen, builtin: 'echo', instances: IDLE, per_source: IDLE };
  const zinetd = await startZinetd({ config: { services: { quick, idle } }, lossy: true });
  const residentKib = (): number => Number.parseInt(statusOf(zinetd.dispatcherPid ?? 0, 'VmRSS') ?? '', 10);
  const before = residentKib();
  const sockets = Array.from({ length: IDLE }, () => {
    const socket = createConnection({ port: zinetd.port('idle'), host: '127.0.0.1', localAddress: SLOW });
    return socket.on('error', () => {});
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const last = sockets.at(-1);
  last?.write('x');
  if (last) await once(last, 'data');
  const enough = new Promise((resolve) => setTimeout(resolve, 1000));
  const { p99Ms } = await beside(zinetd, enough);
  const each = (residentKib() - before) / IDLE;
  record({
    fault: 'F8',
    figure: 'idle connections at once',
    value: IDLE,
    bar: '20,000, of which this machine lets 8,000',
  });
  record({
    fault: 'F8',
    figure: 'an idle connection, KiB of the dispatcher',
    value: rounded(each),
    bar: `less than ${MOST_IDLE_KIB}`,
  });
  const figure = 'beside idle connections: another source, p99, ms';
  record({ fault: 'F8', figure, value: rounded(p99Ms), bar: 'at most 100, where nothing else runs' });
  expect(each).toBeLessThan(MOST_IDLE_KIB);
  expect(p99Ms).toBeLessThan(MOST_P99_MS);
  for (const socket of sockets) socket.destroy();
}, 120_000);
