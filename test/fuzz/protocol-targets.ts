import { isIP } from 'node:net';
import { parseIdentQuery } from '../../src/builtins/ident-query.ts';
import { findMuxService } from '../../src/builtins/tcpmux-answer.ts';
import { lineBytes, MOST_LINE_BYTES, parseMuxRequest } from '../../src/builtins/tcpmux-line.ts';
import type { Call, Handlers } from '../../src/control/call.ts';
import type { MethodName } from '../../src/control/messages.ts';
import { parseReply } from '../../src/control/parse-reply.ts';
import { METHODS, replySchema } from '../../src/control/protocol.ts';
import { Session } from '../../src/control/session.ts';
import { LineCutter, MOST_LINE_BYTES as MOST_WORDS_BYTES } from '../../src/dispatcher/line-cutter.ts';
import { MuxLine } from '../../src/dispatcher/mux-line.ts';
import { NO_REPORT, OLDEST, reportedId } from '../../src/dispatcher/worker-report.ts';
import { environmentOf, parseEnvironment } from '../../src/handler/environment.ts';
import { decodeEvent, EVENT_BYTES } from '../../src/launch/spawner-event.ts';
import { formatAddress } from '../../src/model/address.ts';
import { MOST_IDENT_CHARACTERS } from '../../src/model/client-ident.ts';
import { InvariantError } from '../../src/model/errors.ts';
import { parseHostName } from '../../src/model/host-name.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import type { Binding } from '../../src/native/binding.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import type { HeaderParse } from '../../src/proxy-protocol/header.ts';
import { MOST_HEADER_BYTES, parseHeader } from '../../src/proxy-protocol/parse-header.ts';
import { parseDecision } from '../../src/resolver/parse-decision.ts';
import { parseIdent } from '../../src/resolver/parse-ident.ts';
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from '../../src/resolver/protocol.ts';
import { decodeReply } from '../../src/resolver/rpc/decode-reply.ts';
import { RecordReader } from '../../src/resolver/rpc/record-reader.ts';
import { encodeRaw, encodeSummed, encodeV1, encodeV2 } from '../proxy-protocol/encode-header.ts';
import { type FuzzTarget, holds, texts } from './target.ts';

const MOST_V1_BYTES = 107;
const V1 = /^PROXY TCP([46]) (\S+) (\S+) (0|[1-9]\d{0,4}) (0|[1-9]\d{0,4})\r\n$/;

/** That what was taken for the ends of a connection stands there, read in another way. */
function checkEnds(bytes: Uint8Array, { header, length }: Extract<HeaderParse, { kind: 'header' }>): void {
  if (header.kind !== 'client') return;
  const { source, destination } = header;
  if (bytes[0] === 0x50) {
    const line = Buffer.from(bytes.subarray(0, length)).toString('latin1');
    const [, family, from = '', to = '', fromPort, toPort] = V1.exec(line) ?? [];
    holds(isIP(from) === Number(family) && isIP(to) === Number(family), 'addresses of the family', line);
    holds(source.port === Number(fromPort) && destination.port === Number(toPort), 'the ports', line);
    return;
  }
  const size = bytes[13] === 0x11 ? 4 : 16;
  const read = [16, 16 + size].map((at) => bytes.subarray(at, at + size));
  for (const [index, end] of [source, destination].entries()) {
    const own = read[index]?.subarray(size - end.bytes.length) ?? [];
    holds(
      Buffer.compare(Buffer.from(end.bytes), Buffer.from(own)) === 0,
      'the address',
      formatAddress(end.bytes),
    );
    holds(end.port === Buffer.from(bytes).readUInt16BE(16 + 2 * size + 2 * index), 'the port', end.port);
  }
}

/** In pieces it is what it is in one, and never more of it is waited for than there can be (S60, S17). */
function runProxy(bytes: Uint8Array): string {
  const whole = parseHeader(bytes);
  const most = bytes[0] === 0x50 ? MOST_V1_BYTES : MOST_HEADER_BYTES;
  for (let length = 0; length <= Math.min(bytes.length, most + 1); length += length < 130 ? 1 : 61) {
    const parse = parseHeader(bytes.subarray(0, length));
    if (parse.kind === 'more') holds(length < most, 'an end of the waiting', length);
    else if (parse.kind === 'header')
      holds(parse.length <= length && whole.kind === 'header', 'the header', length);
    else holds(whole.kind === 'malformed' && parse.fault === whole.fault, 'the same fault', parse, whole);
    if (parse.kind !== 'more' && whole.kind === 'header') holds(whole.length <= length, 'no fault', parse);
  }
  if (whole.kind !== 'header') return whole.kind === 'more' ? 'more' : whole.fault;
  holds(whole.length <= Math.min(bytes.length, most), 'the length', whole.length);
  checkEnds(bytes, whole);
  return `${whole.header.kind} ${bytes[13]}`;
}

const FROM = { address: '192.0.2.7', port: 40_001 };
const TO = { address: '198.51.100.1', port: 25 };
const FROM6 = { address: '2001:db8:0:0:0:0:0:7', port: 40_001 };
const TO6 = { address: '0:0:0:0:0:ffff:c000:0207', port: 25 };

const MUX_SERVICES = [
  {
    mux: [
      { name: 'ftp', isAnswered: true },
      { name: 'a.b', isAnswered: false },
    ],
  },
] as unknown as readonly ServicePolicy[];

/** A stream that comes in pieces: the lowest bits of what it holds say of how many bytes. */
function streamOf(bytes: Uint8Array): { readonly binding: Binding; readonly taken: () => number } {
  let taken = 0;
  let seen = 0;
  const next = (room: Uint8Array) => {
    seen = Math.min(seen + 1 + ((bytes[seen] ?? 0) & 31), bytes.length);
    const there = bytes.subarray(taken, Math.max(seen, taken));
    room.set(there.subarray(0, room.length));
    return Math.min(there.length, room.length);
  };
  const receive = (_: number, room: Uint8Array) => {
    taken += room.length;
    return room.length;
  };
  const binding = { peek: (_: number, room: Uint8Array) => next(room), receive } as unknown as Binding;
  return { binding, taken: () => taken };
}

/** Not a byte past the line is taken, however it comes (S17, S52). */
function runMux(bytes: Uint8Array): string {
  const { binding, taken } = streamOf(bytes);
  const line = new MuxLine(binding);
  const descriptor = new Descriptor(binding, 9);
  let state = line.read(descriptor);
  while (state === 'more' && taken() < bytes.length) state = line.read(descriptor);
  const end = bytes.indexOf(0x0a);
  if (state === 'whole') holds(taken() === end + 1, 'the end of the line', end);
  else if (state === 'long') holds(end < 0 || end >= MOST_LINE_BYTES, 'a line that is too long', end);
  else holds(end < 0, 'that there is no line', state);
  if (state !== 'whole') return state;
  const request = parseMuxRequest(line.bytes);
  if (request.kind === 'help') return 'help';
  const found = findMuxService(MUX_SERVICES, request.name);
  holds(found === undefined || ['ftp', 'a.b'].includes(request.name), 'one of its names', request.name);
  holds(lineBytes(line.bytes).isWhole, 'one line', request.name);
  return found ? 'found' : 'not found';
}

function runIdentReply(bytes: Uint8Array): string {
  const line = Buffer.from(bytes).toString('latin1');
  const ident = parseIdent(line, { peerPort: 6191, localPort: 23 });
  if (ident.kind === 'unknown') return ident.why;
  holds(/^[ \t]*0*6191[ \t]*,[ \t]*0*23[ \t]*:/.test(line), 'the ports that were asked about', line);
  holds(ident.user !== '' && line.includes(ident.user), 'a user that stands there', ident.user);
  const packet = encodeAnswer({ id: 1, kind: 'ident', ident });
  const answer = packet && decodeAnswer(packet);
  const isShort = Math.max(ident.user.length, ident.system.length) <= MOST_IDENT_CHARACTERS;
  holds(packet === undefined || isShort === (answer !== undefined), 'a packet for what is short', line);
  return `user ${ident.system.length > 0} ${isShort}`;
}

function runIdentQuery(bytes: Uint8Array): string {
  const line = Buffer.from(bytes).toString('latin1');
  const query = parseIdentQuery(line);
  if (!query) return 'none';
  const ports = line.match(/\d+/g)?.map(Number);
  holds(ports?.[0] === query.localPort && ports[1] === query.peerPort, 'the ports', line);
  return 'query';
}

/** What is understood is understood the same once it is said again. */
function runPackets(bytes: Uint8Array): string {
  const [request, answer] = [decodeRequest(bytes), decodeAnswer(bytes)];
  if (request) holds(same(decodeRequest(encodeRequest(request) ?? bytes), request), 'the request', request);
  if (answer) holds(same(decodeAnswer(encodeAnswer(answer) ?? bytes), answer), 'the answer', answer);
  return `${request?.kind} ${answer?.kind}`;
}

function same(one: unknown, other: unknown): boolean {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each));
  return text(one) === text(other);
}

/** One request, one answer of the protocol, in its order; nothing that a client who may read could change (S114). */
function runControl(bytes: Uint8Array): string {
  const [first = 0] = bytes;
  const access = first & 0x40 ? 'admin' : 'read';
  const told: string[] = [];
  const called: string[] = [];
  const rows = Object.keys(METHODS).map((name) => [
    name,
    (call: Call<MethodName>) => {
      called.push(name);
      holds(access === 'admin' || METHODS[name as MethodName].access === 'read', 'what one may do', name);
      (call as Call<'stop'>).result({});
    },
  ]);
  const session = new Session({
    access,
    handlers: Object.fromEntries(rows) as unknown as Handlers,
    send: (line) => {
      const reply = replySchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line)));
      told.push('error' in reply ? reply.error.code : 'done');
    },
    hasRoom: () => true,
    onAnswered: () => {},
  });
  let isLetGo = false;
  for (let at = 0, size = 1 + (first & 15); at < bytes.length && !isLetGo; at += size, size *= 2) {
    session.take(bytes.subarray(at, at + size));
    while (session.hasNext && !isLetGo) isLetGo = !session.next();
  }
  const lines = Buffer.from(bytes).toString('latin1').split('\n').length - 1;
  holds(told.length <= lines + Number(isLetGo), 'one answer for each line', told, lines);
  holds(called.length === told.filter((code) => code === 'done').length, 'an answer of each call', told);
  return [...new Set([...told, ...called])].toSorted().join(' ');
}

function runControlReply(bytes: Uint8Array): string {
  const reply = parseReply(Buffer.from(bytes).toString('utf8'));
  if (!reply) return 'none';
  holds(reply.id === null || Number.isInteger(reply.id), 'a number', reply.id);
  return Object.keys(reply).toSorted().join(' ');
}

/** A number as it was written, or none; variables with names, or none. */
function runPool(bytes: Uint8Array): string {
  const id = reportedId(bytes, bytes.length);
  const text = Buffer.from(bytes.subarray(1)).toString('latin1');
  holds(id === NO_REPORT || text === (id === OLDEST ? '' : String(id)), 'the number as it is written', text);
  const common = environmentOf({ HOME: '/', ZINETD_CONNECTION_ID: '7' });
  const environment = parseEnvironment(bytes, common);
  for (const [name, value] of environment)
    holds(name !== '' && !/[=\0]/.test(name) && !value.includes('\0'), 'a variable', name);
  for (const name of common.keys()) holds(environment.has(name), 'what is common', name);
  return `${id === NO_REPORT} ${environment.size}`;
}

/** The spawner is trusted by the dispatcher: a code that it does not know is an error that is loud, and nothing else is. */
function runEvent(bytes: Uint8Array): string {
  const packet = new Uint8Array(EVENT_BYTES);
  packet.set(bytes.subarray(0, EVENT_BYTES));
  try {
    const event = decodeEvent(packet);
    holds(event.id >= 0 && event.durationUs >= 0, 'what is counted', event);
    return `${event.type} ${event.peer.family}`;
  } catch (error) {
    if (error instanceof InvariantError) return 'unknown';
    throw error;
  }
}

function runDecision(bytes: Uint8Array): string {
  const decision = parseDecision(bytes);
  return decision.kind === 'undecided' ? decision.why : `${decision.kind} ${typeof decision.reason}`;
}

/** However it comes in pieces, there are the same lines, and none has a line feed or more than there is room for. */
function runWords(bytes: Uint8Array): string {
  const cut = (size: number) => {
    const lines: string[] = [];
    const cutter = new LineCutter();
    const take = (text: string, isCut: boolean) => lines.push(`${isCut} ${text}`);
    for (let at = 0; at < bytes.length; at += size) cutter.take(bytes.subarray(at, at + size), take);
    cutter.end(take);
    return lines;
  };
  const [whole, pieces] = [cut(bytes.length + 1), cut(1 + ((bytes[0] ?? 0) & 31))];
  holds(same(whole, pieces), 'the same lines', whole.length, pieces.length);
  for (const line of whole)
    holds(!line.includes('\n') && line.length <= MOST_WORDS_BYTES + 6, 'a line', line.length);
  return `${Math.min(whole.length, 9)} ${whole.some((line) => line.startsWith('true'))}`;
}

const MOST_RECORD_BYTES = 9000;

/** Records of rpcbind: however they are cut, the same ones, and none that is too long. */
function runRpc(bytes: Uint8Array): string {
  const read = (size: number) => {
    const reader = new RecordReader(MOST_RECORD_BYTES);
    const found: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const records = reader.push(bytes.subarray(at, at + size));
      if (!records) return 'too long';
      found.push(...records);
    }
    return found;
  };
  const whole = read(bytes.length + 1);
  const pieces = read(1 + ((bytes[0] ?? 0) & 7));
  if (whole === 'too long' || pieces === 'too long') {
    holds(whole === pieces, 'the length', whole, pieces);
    return 'too long';
  }
  holds(same(whole.map(String), pieces.map(String)), 'the same records', whole.length, pieces.length);
  return whole.map((record) => decodeReply(record)?.kind).join(' ');
}

function runHostName(bytes: Uint8Array): string {
  const name = parseHostName(Buffer.from(bytes).toString('utf8'));
  if (name === undefined) return 'none';
  holds(parseHostName(name) === name && /^[a-z0-9_][a-z0-9_.-]*$/.test(name), 'a name', name);
  return 'name';
}

function request(method: string, params: object = {}): string {
  return `${JSON.stringify({ zinetd: 1, id: 7, method, params })}\n`;
}

function eventOf(type: number): Uint8Array {
  const bytes = new Uint8Array(EVENT_BYTES);
  bytes.set([type, 0, 0, 0, 1, 0, 0, 0, 7]);
  bytes.set([type % 3 === 0 ? 2 : 10, 0], 72);
  return bytes;
}

const RPC_REPLY = Buffer.from('8000001c000000070000000100000000000000000000000000000000000000010000', 'hex');

export const PROTOCOL_TARGETS: readonly FuzzTarget[] = [
  {
    ...{ name: 'proxy-protocol', entries: 'F20, S17, S47, S58, S60', run: runProxy },
    words: [
      'PROXY ',
      'TCP4',
      'TCP6',
      'UNKNOWN',
      '\r\n',
      '::ffff:',
      '\r\n\r\n\0\r\nQUIT\n',
      '!\x11',
      '\x03\0\x04',
    ],
    seeds: () => [
      ...[
        encodeV1(FROM, TO),
        encodeV1(FROM6, TO6),
        encodeV2(FROM, TO),
        encodeV2(FROM6, TO6),
        encodeSummed(FROM, TO),
      ],
      encodeV2(FROM, TO, [{ type: 4, value: Buffer.alloc(40, 0xff) }]),
      encodeRaw([0x20, 0], Buffer.alloc(5)),
      encodeRaw([0x21, 0x31], Buffer.alloc(216, 0x2f)),
      encodeRaw([0x21, 0x11], Buffer.alloc(12), 0xffff),
      ...texts('PROXY UNKNOWN\r\nx', `PROXY UNKNOWN ${'f'.repeat(92)}\r\n`, 'GET / HTTP/1.1\r\n'),
    ],
  },
  {
    ...{ name: 'tcpmux', entries: 'F22, S17, S52, S139', run: runMux },
    words: ['help', 'HELP', '+', 'ftp', 'a.b', '\r\n', '\n', '\r', '\0', 'x'.repeat(255)],
    seeds: () =>
      texts('help\r\n', 'ftp\r\n', 'FTP\nUSER x\r\n', 'a.b\r\n', '+x\r\n', `${'n'.repeat(256)}\n`, 'half'),
  },
  {
    ...{ name: 'ident-reply', entries: 'F21, S30, S92, S93', run: runIdentReply },
    words: ['USERID', 'ERROR', ' : ', ':', ',', 'UNIX', 'OTHER', '6191', '23', '\t', '() { :;}'],
    seeds: () =>
      texts(
        '6191, 23 : USERID : UNIX : stjohns',
        '6191,23:USERID:OTHER,US-ASCII: a:b ',
        '6191 , 23 : ERROR : NO-USER',
        '23, 6191 : USERID : UNIX : x',
        `6191, 23 : USERID : UNIX : ${'x'.repeat(480)}`,
      ),
  },
  {
    ...{ name: 'ident-query', entries: 'F21, S92', run: runIdentQuery },
    words: [',', ' ', '\t', '0', '65535', '65536'],
    seeds: () => texts('6191, 23', '1,1', ' 65535\t,\t1 '),
  },
  {
    ...{ name: 'resolver-packets', entries: 'F21, S30, S43', run: runPackets },
    words: ['"kind"', '"name"', '"known"', 'null', '{}', '[]', '"__proto__"', '1e400', '"\\ud800"'],
    seeds: () =>
      [
        ...[
          { id: 1, kind: 'name', name: { kind: 'known', name: 'a.example' } },
          { id: 1, kind: 'name', name: { kind: 'unknown', why: 'none' } },
          { id: 2, kind: 'decide', decision: { kind: 'denied', reason: 'no' } },
          { id: 3, kind: 'owner', owner: { kind: 'user', name: 'me' } },
          { id: 4, kind: 'ident', ident: { kind: 'user', system: 'UNIX', user: 'me' } },
          { id: 5, kind: 'rpc', state: { kind: 'registered' } },
        ],
        ...[
          { id: 1, deadlineMs: 5, kind: 'name', address: '192.0.2.1' },
          {
            ...{ id: 2, deadlineMs: 5, kind: 'decide', path: '/run/x' },
            subject: { service: 's', address: '::1', port: 1, local: '::1' },
          },
          { id: 3, kind: 'unregister' },
        ],
      ].map((message) => Buffer.from(JSON.stringify({ version: 1, ...message }))),
  },
  {
    ...{ name: 'control-requests', entries: 'F23, S7, S114', run: runControl },
    words: [
      '"zinetd":1',
      '"zinetd":2',
      '"id":',
      '"method":',
      '"params":',
      '{',
      '}',
      'null',
      '\n',
      '"__proto__"',
      '\\u0000',
    ],
    seeds: () =>
      texts(
        ...Object.keys(METHODS).map((name) => request(name)),
        request('ban', { source: '192.0.2.0/24', for: '1h' }) + request('unban', { source: '::1' }),
        request('explain', { service: 'a', from: '::1' }) + request('kill', { connection: 1 }),
        request('toString') + request('enable', { service: 'x' }),
        `[${'['.repeat(300)}\n`,
        `${'x'.repeat(9000)}\n`,
      ),
  },
  {
    ...{ name: 'control-replies', entries: 'F23, S114', run: runControlReply },
    words: ['"zinetd":1', '"item"', '"result"', '"error"', 'null', '{', '}', '"__proto__"'],
    seeds: () =>
      texts(
        '{"zinetd":1,"id":1,"result":{}}',
        '{"zinetd":1,"id":2,"item":{"a":[1]}}',
        '{"zinetd":1,"id":null,"error":{"code":"protocol","message":"x"}}',
      ),
  },
  {
    ...{ name: 'handler-pool', entries: 'F23, S7', run: runPool },
    words: ['\0', '=', 'ZINETD_CONNECTION_ID=', 'HOME=', '9007199254740992', '0'],
    seeds: () =>
      texts(
        '\x001',
        '\x009007199254740991',
        '\x00',
        'ZINETD_CONNECTION_ID=9\0REMOTE_ADDR=::1\0',
        'A=b=c\0=x\0A\0',
      ),
  },
  {
    ...{ name: 'spawner-events', entries: 'F23, S97', run: runEvent },
    words: ['\xff\xff\xff\xff', '\0\0\0\x80', '\x02\0', '\x0a\0'],
    seeds: () => Array.from({ length: 17 }, (_, index) => eventOf(index + 1)),
  },
  {
    ...{ name: 'decide-answers', entries: 'S30, S109', run: runDecision },
    words: ['"allow"', 'true', 'false', '"reason"', '\\u0000', '[', '{', '1e999'],
    seeds: () => texts('{"allow":true}', '{"allow":false,"reason":"no"}', '{"reason":1,"allow":true}'),
  },
  {
    ...{ name: 'handler-words', entries: 'S30', run: runWords },
    words: ['\n', '\r\n', '\xc3', 'x'.repeat(1023), '\x1b[0m'],
    seeds: () => texts('one\ntwo\n', 'no end', `${'y'.repeat(1024)}\n`, '\n\n\xff\n'),
  },
  {
    ...{ name: 'rpcbind-replies', entries: 'S97', run: runRpc },
    words: ['\x80\0\0\0', '\0\0\0\x01', '\x7f\xff\xff\xff', '\xff\xff\xff\xff'],
    seeds: () => [
      RPC_REPLY,
      Buffer.concat([RPC_REPLY, RPC_REPLY]),
      Buffer.from('0000000400000007800000000000', 'hex'),
    ],
  },
  {
    ...{ name: 'host-names', entries: 'F21, S30, S43', run: runHostName },
    words: ['.', '-', '_', 'xn--', '\n', '\0', '127.0.0.1', 'x'.repeat(63)],
    seeds: () => texts('a.example.', 'HOST', 'x-y_z.9', 'a..b', '-a.b', `${'l'.repeat(63)}.com`),
  },
];
