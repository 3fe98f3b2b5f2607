import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { Descriptor } from '../../src/native/descriptor.ts';
import { loadBinding } from '../../src/native/load.ts';
import { Poller, READABLE } from '../../src/native/poller.ts';
import { acceptedPair } from './accepted-pair.ts';
import { Client } from './client.ts';
import { connectedSocket } from './connected-socket.ts';
import { Inbox } from './inbox.ts';

const binding = loadBinding();

function packetPair(): readonly [ours: number, theirs: number] {
  const pair = new Int32Array(2);
  binding.packetPair(pair);
  return [pair[0] ?? -1, pair[1] ?? -1];
}

export interface Report {
  readonly status: number;
  readonly id: string;
}

/** A worker of a pool, and zinetd's side of it in the hands of a test. */
export class PoolStandIn {
  readonly ended: Promise<number | string>;
  readonly #child: ChildProcess;
  readonly #channel: Descriptor;
  readonly #poller = new Poller(binding);
  readonly #reports = new Inbox<Report>();
  #stderr = '';
  #isOpen = true;

  constructor(child: ChildProcess, fd: number) {
    this.#child = child;
    this.#channel = new Descriptor(binding, fd);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.ended = once(child, 'close').then(([code, signal]) => code ?? signal);
    this.#poller.watch(this.#channel, { events: READABLE, watcher: () => this.#receive() });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** What it says of a connection that is done; each is given out once. */
  report(): Promise<Report> {
    return Promise.race([
      this.#reports.next(),
      this.ended.then((end) => {
        if (this.#reports.size === 0) throw new Error(`The worker ended with ${end}:\n${this.#stderr}`);
        return this.#reports.next();
      }),
    ]);
  }

  /** One packet. */
  pass(fd: number, variables: Readonly<Record<string, string>>): void {
    const text = Object.entries(variables).map(([name, value]) => `${name}=${value}\0`);
    const result = binding.send(this.#channel.fd, Buffer.from(text.join('')), fd);
    if (result < 0) throw new Error(`Cannot send a packet to the worker: ${result}`);
  }

  /** A client over TCP, whose connection the worker has. */
  async connectByTcp(id: number): Promise<Client> {
    const { client, server, descriptor } = await acceptedPair(binding);
    this.pass(descriptor.fd, { ZINETD_CONNECTION_ID: String(id) });
    server.destroy();
    return new Client(client.resume());
  }

  /** A client whose connection the worker has. */
  connect(id: number, variables: Readonly<Record<string, string>> = {}): Client {
    const { client, fd } = connectedSocket(binding);
    this.pass(fd, { ...variables, ZINETD_CONNECTION_ID: String(id) });
    closeSync(fd);
    return client;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** No more connections; reports are still read. */
  end(): void {
    binding.shutdownWrite(this.#channel.fd);
  }

  /** As when zinetd is gone. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#poller.forget(this.#channel);
    this.#channel.close();
  }

  #receive(): void {
    const bytes = Buffer.alloc(64);
    for (;;) {
      const length = this.#isOpen ? binding.receive(this.#channel.fd, bytes, new Int32Array(1)) : 0;
      if (length === 0) this.close();
      if (length <= 0) return;
      this.#reports.put({ status: bytes[0] ?? -1, id: bytes.toString('latin1', 1, length) });
    }
  }
}

/** Starts a worker for the test that calls it, as zinetd does. */
export function startWorker(command: readonly string[]): PoolStandIn {
  const [ours, theirs] = packetPair();
  const child = spawn('/bin/sh', ['-c', 'LISTEN_PID=$$ exec "$@"', 'sh', ...command], {
    env: { PATH: '/usr/bin:/bin', LISTEN_FDS: '1', LISTEN_FDNAMES: 'pool' },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe', theirs],
  });
  closeSync(theirs);
  const worker = new PoolStandIn(child, ours);
  onTestFinished(async () => {
    worker.signal('SIGKILL');
    await worker.ended;
    worker.close();
  });
  return worker;
}
