import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Endpoint } from '../../../src/model/address.ts';
import type { Binding } from '../../../src/native/binding.ts';
import { writeEndpoint } from '../../../src/native/endpoint-codec.ts';
import { READABLE, WRITABLE } from '../../../src/native/poller.ts';
import { fakeBinding } from '../../listeners/fake-binding.ts';

const { EAGAIN, ECONNRESET, EMFILE, ENOBUFS } = constants.errno;
/** Above all that are real, of which the policy has one. */
const FIRST_FD = 1_000_000;
const EPOLL_FD = 999_999;
/** Turns that no run needs: something spins. */
const MOST_TURNS = 20_000;

/** Somebody who has connected, as the kernel has it. */
export interface Arrival {
  readonly from: Endpoint;
  /** It has sent a reset by now. */
  readonly isGone: boolean;
}

export interface FakeListener {
  readonly key: string;
  readonly port: number;
  /** The how many-th of its service, from 0. */
  readonly socket: number;
  /** Those who wait to be accepted. */
  readonly queue: Arrival[];
  /** accept(2) says EMFILE so often. */
  failing: number;
}

/** One packet of a channel. */
export interface Packet {
  readonly bytes: Uint8Array;
  readonly fd: number;
}

interface Talk {
  input: Uint8Array;
  output: string;
}

type File =
  | { readonly kind: 'channel' }
  | { readonly kind: 'listener'; readonly listener: FakeListener }
  | { readonly kind: 'client'; readonly arrival: Arrival }
  | { readonly kind: 'talk'; readonly talk: Talk };

/** Sockets and a channel to the spawner, in memory, and the poller that tells of them. */
export class FakeKernel {
  readonly channelFd: number;
  readonly binding: Binding;
  /** From the spawner. */
  readonly incoming: Packet[] = [];
  /** The spawner takes nothing: sendmmsg(2) would block. */
  isBusy = false;
  /** So many sends fail for want of memory. */
  shortOfMemory = 0;
  readonly #files = new Map<number, File>();
  readonly #watched = new Map<number, { readonly token: number; readonly events: number }>();
  readonly #onRequest: (packet: Packet) => void;
  #events = new Uint32Array(0);
  #callback: (count: number) => void = () => {};
  #nextFd = FIRST_FD;

  constructor(onRequest: (packet: Packet) => void) {
    this.#onRequest = onRequest;
    this.channelFd = this.#open({ kind: 'channel' });
    this.binding = fakeBinding(this.#calls());
  }

  /** Descriptors that are open here, apart from the channel. */
  get open(): readonly string[] {
    return [...this.#files.values()].map(({ kind }) => kind).filter((kind) => kind !== 'channel');
  }

  listen(listener: FakeListener): number {
    return this.#open({ kind: 'listener', listener });
  }

  talk(listenerKey: string): Talk {
    const talk = { input: new Uint8Array(0), output: '' };
    this.#talks.push({ listenerKey, talk });
    return talk;
  }

  /** Tells of everything that is ready, in one order: the channel, then listeners by their keys, until nothing is. */
  settle(passNoTime: () => void): void {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      passNoTime();
      const next = this.#ready()[0];
      if (!next) return;
      this.#events.set([next.token, next.events]);
      this.#callback(1);
    }
    throw new Error('The dispatcher spins');
  }

  readonly #talks: { readonly listenerKey: string; readonly talk: Talk }[] = [];

  #open(file: File): number {
    const fd = this.#nextFd++;
    this.#files.set(fd, file);
    return fd;
  }

  #fileOf(fd: number): File {
    const file = this.#files.get(fd);
    if (!file) throw new Error(`Used descriptor ${fd}, which is not open`);
    return file;
  }

  #listenerOf(fd: number): FakeListener {
    const file = this.#fileOf(fd);
    if (file.kind !== 'listener') throw new Error(`Descriptor ${fd} is no listener`);
    return file.listener;
  }

  #ready(): readonly { readonly token: number; readonly events: number }[] {
    const ready = [...this.#watched].flatMap(([fd, { token, events }]) => {
      const file = this.#fileOf(fd);
      const happened = events & (this.#isReadable(file) | this.#isWritable(file));
      return happened === 0 ? [] : [{ token, events: happened, order: this.#orderOf(file) }];
    });
    return ready.sort((one, other) => (one.order < other.order ? -1 : 1));
  }

  #orderOf(file: File): string {
    if (file.kind === 'listener') return `2 ${file.listener.key}`;
    return file.kind === 'channel' ? '0' : '1';
  }

  #isReadable(file: File): number {
    if (file.kind === 'channel') return this.incoming.length > 0 ? READABLE : 0;
    if (file.kind === 'talk') return file.talk.input.length > 0 ? READABLE : 0;
    if (file.kind === 'client') return 0;
    const waits =
      file.listener.queue.length > 0 ||
      this.#talks.some(({ listenerKey }) => listenerKey === file.listener.key);
    return waits ? READABLE : 0;
  }

  #isWritable(file: File): number {
    return file.kind === 'channel' && this.isBusy ? 0 : WRITABLE;
  }

  #calls(): Partial<Binding> {
    return {
      pollerOpen: (events, callback) => {
        this.#events = events as Uint32Array<ArrayBuffer>;
        this.#callback = callback;
        return EPOLL_FD;
      },
      watch: (_epoll, fd, token, events) => {
        this.#fileOf(fd);
        this.#watched.set(fd, { token, events });
        return 0;
      },
      forget: (_epoll, fd) => {
        this.#fileOf(fd);
        this.#watched.delete(fd);
        return 0;
      },
      accept: (fd, peer) => this.#accept(fd, peer),
      receiveDatagram: (fd, _bytes, ends, isPeek) => this.#receiveDatagram(fd, { ends, isPeek }),
      acceptWaiting: (fd, peer) => this.#accept(fd, peer),
      backlog: (fd) => this.#listenerOf(fd).queue.length,
      localEndpoint: (fd, local) => {
        const { port } = this.#listenerOf(fd);
        const endpoint = { family: 4, bytes: Uint8Array.of(127, 0, 0, 1), port, scopeId: 0 } as const;
        writeEndpoint(endpoint, new DataView(local.buffer, local.byteOffset), 0);
        return 0;
      },
      send: (fd, bytes) => this.#send(fd, bytes),
      receive: (fd, bytes) => this.#receive(fd, bytes),
      sendBatch: (_fd, bytes, rows, count) => this.#sendBatch(bytes, { rows, count }),
      receiveBatch: (_fd, bytes, rows) => this.#receiveBatch(bytes, rows),
      close: (fd) => this.#close(fd),
    };
  }

  #accept(fd: number, peer: Uint8Array): number {
    const listener = this.#listenerOf(fd);
    const talk = this.#talks.findIndex(({ listenerKey }) => listenerKey === listener.key);
    const [visitor] = talk < 0 ? [] : this.#talks.splice(talk, 1);
    if (visitor) {
      const root = new Uint8Array(24);
      root[0] = 1;
      peer.set(root);
      return this.#open({ kind: 'talk', talk: visitor.talk });
    }
    if (listener.queue.length === 0) return -EAGAIN;
    if (listener.failing > 0) {
      listener.failing--;
      return -EMFILE;
    }
    const arrival = listener.queue.shift();
    if (!arrival) return -EAGAIN;
    peer.fill(0);
    writeEndpoint(arrival.from, new DataView(peer.buffer, peer.byteOffset), 0);
    return this.#open({ kind: 'client', arrival });
  }

  #receiveDatagram(fd: number, { ends, isPeek }: { ends: Uint8Array; isPeek: number }): number {
    const { queue } = this.#listenerOf(fd);
    const first = isPeek === 1 ? queue[0] : queue.shift();
    if (!first) return -EAGAIN;
    ends.fill(0);
    writeEndpoint(first.from, new DataView(ends.buffer, ends.byteOffset), 0);
    return 1;
  }

  #send(fd: number, bytes: Uint8Array): number {
    const file = this.#fileOf(fd);
    if (file.kind === 'talk') file.talk.output += Buffer.from(bytes).toString();
    else if (file.kind === 'client' && file.arrival.isGone) return -ECONNRESET;
    return bytes.length;
  }

  #receive(fd: number, bytes: Uint8Array): number {
    const file = this.#fileOf(fd);
    if (file.kind !== 'talk' || file.talk.input.length === 0) return -EAGAIN;
    const { input } = file.talk;
    bytes.set(input);
    file.talk.input = new Uint8Array(0);
    return input.length;
  }

  #sendBatch(bytes: Uint8Array, { rows, count }: { rows: Int32Array; count: number }): number {
    if (this.isBusy) return -EAGAIN;
    if (this.shortOfMemory > 0) {
      this.shortOfMemory--;
      return -ENOBUFS;
    }
    let at = 0;
    for (let index = 0; index < count; index++) {
      const length = rows[2 * index] ?? 0;
      this.#onRequest({ bytes: bytes.slice(at, at + length), fd: rows[2 * index + 1] ?? -1 });
      at += length;
    }
    return count;
  }

  #receiveBatch(bytes: Uint8Array, rows: Int32Array): number {
    const most = rows.length / 2;
    const packets = this.incoming.splice(0, most);
    for (const [index, packet] of packets.entries()) {
      bytes.set(packet.bytes, index * packet.bytes.length);
      rows.set([packet.bytes.length, packet.fd], 2 * index);
    }
    return packets.length === 0 ? -EAGAIN : packets.length;
  }

  #close(fd: number): number {
    if (fd < FIRST_FD) closeSync(fd);
    else {
      this.#fileOf(fd);
      if (this.#watched.has(fd)) throw new Error(`Closed descriptor ${fd} while it is watched`);
      this.#files.delete(fd);
    }
    return 0;
  }
}
