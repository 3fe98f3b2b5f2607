import { createSocket } from 'node:dgram';
import { createConnection, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectOver } from 'node:tls';
import { encodeV2 } from '../proxy-protocol/encode-header.ts';
import { after } from './patience.ts';
import { type Ground, type PortName, PROXY } from './services.ts';

/** What a client saw: `cut` is an end ahead of the answer, `silent` one that was closed without a byte from the beginning. */
export type Sight = 'served' | 'cut' | 'unconnected';

export interface Visit {
  readonly service: string;
  readonly sight: Sight;
  /** Who it was, as the log has it; undefined where the log cannot know. */
  readonly peer: string | undefined;
  readonly code?: string | undefined;
  /** Datagrams that it sent. */
  readonly said?: number;
}

/** Client number so many comes. */
export type Come = (ground: Ground, turn: number) => Promise<Visit>;

const PATIENCE_MS = 20_000;
/** Longer than a handler takes on a busy machine, and shorter than zinetd keeps a place for who lost a datagram. */
const SAY_AGAIN_MS = 3000;
const MOST_SAID = 8;
const HELLO = 'hello';

/** Addresses of 127/8 in turn: one has too few ports for an hour. */
function addressOf(net: number, turn: number): string {
  return `127.${net}.${(turn >> 8) & 63}.${(turn & 127) + 1}`;
}

interface Words {
  readonly say?: string | Uint8Array;
  /** What is said, and nothing more, once that is there. */
  readonly later?: { readonly ms: number };
  readonly isAnswer: (text: string) => boolean;
}

/** Talks over a stream until its end. */
function talk(
  socket: Socket,
  words: Words,
): Promise<{ readonly sight: Sight; readonly code: string | undefined }> {
  let text = '';
  let code: string | undefined;
  let wasConnected = false;
  return new Promise((resolve) => {
    const callOff = after(PATIENCE_MS, () => socket.destroy(new Error('impatient')));
    socket.once('connect', () => {
      wasConnected = true;
      if (words.say !== undefined) socket.write(words.say);
      if (!words.later) socket.end();
    });
    socket.on('data', (bytes: Buffer) => {
      if (text === '' && words.later) setTimeout(() => socket.end(), words.later.ms);
      text += bytes.toString('latin1');
    });
    socket.once('end', () => socket.destroy());
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code ??= error.code ?? error.message;
    });
    socket.once('close', () => {
      callOff();
      const sight = words.isAnswer(text) ? 'served' : wasConnected ? 'cut' : 'unconnected';
      resolve({ sight, code });
    });
  });
}

const isHello = (text: string): boolean => text === HELLO;

function stream(
  service: PortName,
  words: (turn: number) => Words,
  options: { net?: number; as?: string } = {},
): Come {
  return async ({ ports }, turn) => {
    const localAddress = addressOf(options.net ?? 50, turn);
    const to: TcpNetConnectOpts = {
      host: '127.0.0.1',
      port: ports[service],
      localAddress,
      allowHalfOpen: true,
    };
    const socket = createConnection(to);
    let port = 0;
    socket.once('connect', () => {
      port = socket.localPort ?? 0;
    });
    const seen = await talk(socket, words(turn));
    return { service: options.as ?? service, ...seen, peer: `${localAddress}:${port}` };
  };
}

const echoed = (): Words => ({ say: HELLO, isAnswer: isHello });

const comeByTls: Come = async ({ ports }, turn) => {
  const localAddress = addressOf(52, turn);
  const raw = createConnection({ host: '127.0.0.1', port: ports.tls, localAddress, allowHalfOpen: true });
  let port = 0;
  raw.once('connect', () => {
    port = raw.localPort ?? 0;
  });
  const socket = connectOver({ socket: raw, rejectUnauthorized: false });
  socket.once('secureConnect', () => socket.emit('connect'));
  const seen = await talk(socket, { say: HELLO, later: { ms: 0 }, isAnswer: isHello });
  raw.destroy();
  return { service: 'tls', ...seen, peer: `${localAddress}:${port}` };
};

const comeByProxy: Come = async ({ ports }, turn) => {
  const from = { address: `198.18.${(turn >> 8) & 255}.${turn & 255}`, port: 1024 + (turn % 50_000) };
  const to: TcpNetConnectOpts = {
    host: '127.0.0.1',
    port: ports.proxied,
    localAddress: PROXY,
    allowHalfOpen: true,
  };
  const header = encodeV2(from, { address: '198.51.100.1', port: 443 });
  const seen = await talk(createConnection(to), {
    say: Buffer.concat([header, Buffer.from(HELLO)]),
    isAnswer: isHello,
  });
  return { service: 'proxied', ...seen, peer: `${from.address}:${from.port}` };
};

const comeByName: Come = async ({ ports }) => {
  const socket = createConnection({ host: '127.0.0.1', port: ports.named, allowHalfOpen: true });
  let port = 0;
  socket.once('connect', () => {
    port = socket.localPort ?? 0;
  });
  const seen = await talk(socket, echoed());
  return { service: 'named', ...seen, peer: `127.0.0.1:${port}` };
};

const comeByPath: Come = async ({ path }) => {
  const seen = await talk(createConnection({ path, allowHalfOpen: true }), echoed());
  return { service: 'local', ...seen, peer: undefined };
};

/** Says something until it comes back, as programs over UDP do; so many times. */
function datagram(service: PortName, options: { readonly isKnown: boolean }): Come {
  return ({ ports }, turn) => {
    const address = addressOf(51, turn);
    const socket = createSocket('udp4');
    let said = 0;
    return new Promise((resolve) => {
      let callOff = (): void => {};
      const over = (sight: Sight, code?: string): void => {
        callOff();
        const peer = options.isKnown ? `${address}:${socket.address().port}` : undefined;
        socket.close();
        resolve({ service, sight, peer, code, said });
      };
      const say = (): void => {
        if (said === MOST_SAID) {
          over('cut', 'unanswered');
          return;
        }
        said++;
        socket.send(HELLO, ports[service], '127.0.0.1');
        // Not all at once, where many lost theirs among each other.
        callOff = after(SAY_AGAIN_MS + Math.random() * SAY_AGAIN_MS, say);
      };
      socket.on('error', ({ message }) => over('cut', message));
      socket.on('message', (bytes) => over(bytes.toString().endsWith(HELLO) ? 'served' : 'cut'));
      socket.bind(0, address, say);
    });
  };
}

/** Kinds of clients, and how many of each there are among all. */
export const KINDS: readonly { readonly come: Come; readonly weight: number }[] = [
  { weight: 60, come: stream('plain', () => ({ later: { ms: 0 }, isAnswer: (text) => text === 'ok\n' })) },
  {
    weight: 10,
    come: stream('held', (turn) => ({
      say: HELLO,
      later: { ms: 500 + (turn % 50) * 50 },
      isAnswer: isHello,
    })),
  },
  { weight: 40, come: stream('ext', echoed) },
  {
    weight: 10,
    come: stream('twait', () => ({
      later: { ms: 0 },
      isAnswer: (text) => / listening blocking\n$/.test(text),
    })),
  },
  { weight: 10, come: datagram('uwait', { isKnown: false }) },
  { weight: 8, come: datagram('upeer', { isKnown: true }) },
  { weight: 14, come: comeByPath },
  {
    weight: 10,
    come: stream('mux', () => ({ say: `muxed\r\n${HELLO}`, isAnswer: isHello }), { as: 'muxed' }),
  },
  { weight: 10, come: stream('own', echoed) },
  { weight: 5, come: stream('relay', echoed) },
  {
    weight: 10,
    come: stream('pool', () => ({
      say: `echo ${HELLO}\n`,
      isAnswer: (text) => text.endsWith(`\n${HELLO}\n`),
    })),
  },
  { weight: 3, come: comeByTls },
  { weight: 4, come: stream('refused', () => ({ later: { ms: 0 }, isAnswer: () => false }), { net: 66 }) },
  { weight: 4, come: comeByProxy },
  { weight: 2, come: comeByName },
];
