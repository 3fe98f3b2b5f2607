import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeRecord } from '../../../src/resolver/rpc/encode-record.ts';
import { RecordReader } from '../../../src/resolver/rpc/record-reader.ts';
import { encodeMapping, type Mapping } from '../../../src/resolver/rpc/rpcb.ts';
import { XdrReader } from '../../../src/resolver/rpc/xdr-reader.ts';
import { XdrWriter } from '../../../src/resolver/rpc/xdr-writer.ts';
import { scratch } from '../../harness/scratch.ts';

const PROCEDURES = ['null', 'set', 'unset', 'getaddr', 'dump'] as const;
const OWNER = '61185';

interface PlayedCall {
  readonly xid: number;
  readonly procedure: (typeof PROCEDURES)[number];
  readonly mapping: Mapping;
}

function readCall(record: Uint8Array): PlayedCall {
  const reader = new XdrReader(record);
  const [xid = 0, , , , , procedure = 0] = Array.from({ length: 10 }, () => reader.word());
  const mapping = {
    ...{ program: reader.word(), version: reader.word(), netid: reader.text(256) },
    ...{ address: reader.text(256), owner: reader.text(256) },
  };
  return { xid, procedure: PROCEDURES[procedure] ?? 'null', mapping };
}

function words(...values: readonly number[]): Uint8Array {
  const writer = new XdrWriter();
  for (const value of values) writer.word(value);
  return writer.finish();
}

/** In this process: an rpcbind with the rules of the real one, which a test can stop, spoil and look into. */
export class PlayedRpcbind {
  readonly path = join(scratch('rpcbind'), 'socket');
  /** Each call, as `set 100001.2 tcp`. */
  readonly calls: string[] = [];
  mappings: Mapping[] = [];
  /** What it says instead of an answer; undefined: the answer; an empty array: nothing. */
  spoil: (call: PlayedCall) => Uint8Array | 'end' | undefined = () => undefined;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  start(): Promise<void> {
    const server = createServer((socket) => this.#onClient(socket));
    this.#server = server;
    onTestFinished(() => this.stop());
    return new Promise((done) => server.listen(this.path, done));
  }

  /** Forgets what it knew, and is gone. */
  stop(): void {
    this.mappings = [];
    for (const socket of this.#sockets) socket.destroy();
    this.#server?.close();
  }

  /** `100001.2 tcp 0.0.0.0.3.0`, as they are held. */
  get held(): readonly string[] {
    return this.mappings.map((it) => `${it.program}.${it.version} ${it.netid} ${it.address}`);
  }

  #onClient(socket: Socket): void {
    const records = new RecordReader(4096);
    this.#sockets.add(socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {}));
    socket.on('data', (bytes) => {
      for (const record of records.push(bytes) ?? []) this.#onCall(socket, readCall(record));
    });
  }

  #onCall(socket: Socket, call: PlayedCall): void {
    const { program, version, netid } = call.mapping;
    this.calls.push(`${call.procedure} ${program}.${version} ${netid}`);
    const spoilt = this.spoil(call);
    if (spoilt === 'end') socket.end();
    else
      socket.write(
        spoilt ?? encodeRecord(Buffer.concat([words(call.xid, 1, 0, 0, 0, 0), this.#results(call)])),
      );
  }

  #results({ procedure, mapping }: PlayedCall): Uint8Array {
    const found = this.mappings.find(
      (it) => it.program === mapping.program && it.version === mapping.version && it.netid === mapping.netid,
    );
    if (procedure === 'dump')
      return Buffer.concat([...this.mappings.flatMap((it) => [words(1), encodeMapping(it)]), words(0)]);
    if (procedure === 'set')
      return words(found ? Number(found.address === mapping.address) : this.#add(mapping));
    if (found && found.owner !== OWNER) return words(0);
    this.mappings = this.mappings.filter((it) => it !== found);
    return words(1);
  }

  #add(mapping: Mapping): number {
    this.mappings.push({ ...mapping, owner: OWNER });
    return 1;
  }
}
