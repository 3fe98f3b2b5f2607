import { createSocket } from 'node:dgram';
import { createConnection, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Zinetd } from '../../harness/start-zinetd.ts';
import type { Place } from './services.ts';

/** What somebody gets who asks; what he has, when nothing more comes for so long. */
type Visit = (
  zinetd: Zinetd,
  options: { readonly place: Place; readonly patienceMs: number },
) => Promise<string>;

const WORDS = 'hello';

/** Until the other side closes, or patience ends. */
function hear(socket: Socket, patienceMs: number): Promise<string> {
  const pieces: Buffer[] = [];
  return new Promise((done) => {
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      done(Buffer.concat(pieces).toString('latin1'));
    };
    const timer = setTimeout(finish, patienceMs);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('end', finish).on('error', finish).on('close', finish);
  });
}

function ask(to: NetConnectOpts, text: string, patienceMs: number): Promise<string> {
  const socket = createConnection({ ...to, allowHalfOpen: true });
  socket.end(text);
  return hear(socket, patienceMs);
}

function stream(service: string, text: string = WORDS): Visit {
  return (zinetd, { patienceMs }) => ask({ host: '127.0.0.1', port: zinetd.port(service) }, text, patienceMs);
}

function datagram(service: string): Visit {
  return (zinetd, { patienceMs }) => {
    const socket = createSocket('udp4');
    return new Promise((done) => {
      const finish = (answer: string): void => {
        clearTimeout(timer);
        socket.close();
        done(answer);
      };
      const timer = setTimeout(() => finish(''), patienceMs);
      socket.on('message', (bytes) => finish(bytes.toString('latin1'))).on('error', () => {});
      socket.send(WORDS, zinetd.port(service), '127.0.0.1');
    });
  };
}

const secret: Visit = (zinetd, { patienceMs }) => {
  const options = { rejectUnauthorized: false, servername: 'localhost' };
  const raw = createConnection({ host: '127.0.0.1', port: zinetd.port('secret'), allowHalfOpen: true });
  raw.on('error', () => {});
  const socket = connectTls({ socket: raw, ...options });
  socket.end(WORDS);
  return hear(socket, patienceMs).finally(() => raw.destroy());
};

const PROXY_LINE = 'PROXY TCP4 192.0.2.7 198.51.100.1 40001 80\r\n';

/** One of each kind that the plan of faults names, and of those that are served otherwise. */
const VISITS: Readonly<Record<string, Visit>> = {
  nowait: stream('nowait'),
  confined: stream('confined'),
  hidden: stream('hidden'),
  filtered: stream('filtered'),
  waiting: stream('waiting'),
  datagrams: datagram('datagrams'),
  peers: datagram('peers'),
  local: (_, { place, patienceMs }) => ask({ path: `${place.directory}/socket` }, WORDS, patienceMs),
  mux: stream('mux', `muxed\r\n${WORDS}`),
  secret,
  proxied: stream('proxied', `${PROXY_LINE}${WORDS}`),
  told: stream('told'),
  pool: stream('pool', 'echo hello\n'),
  relayed: stream('relayed'),
  built: stream('built'),
  packets: datagram('packets'),
  named: stream('named'),
  given: stream('given'),
  ended: stream('ended'),
  denied: stream('denied'),
  changed: stream('changed'),
};

export const KINDS: readonly string[] = Object.keys(VISITS);

/** Pids, and numbers of connections. */
function withoutNumbers(kind: string, answer: string): string {
  return kind === 'pool' ? answer.replace(/\d+/g, '#') : answer;
}

/** Those that listen on a path. */
const PORTLESS: ReadonlySet<string> = new Set(['local']);

/** One of a kind. */
export async function visit(
  zinetd: Zinetd,
  kind: string,
  options: { readonly place: Place; readonly patienceMs: number },
): Promise<string> {
  const call = VISITS[kind];
  if (!call) throw new Error(`There is no visit "${kind}"`);
  // One that could not listen yet has no port, and nobody is served.
  if (PORTLESS.has(kind) || zinetd.log.count((it) => it.event === 'listening' && it.service === kind) > 0) {
    return withoutNumbers(kind, await call(zinetd, options));
  }
  await new Promise((done) => setTimeout(done, options.patienceMs));
  return '';
}
