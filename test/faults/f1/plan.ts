import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { machineArchitecture } from '../../../src/compile/seccomp/machine-architecture.ts';
import { SYSCALL_NAMES, syscallNumber } from '../../../src/model/syscall-numbers.ts';
import { wrappedCalls } from './builds.ts';

/** In the order of inject.c. `child` is a handler on its way to exec, `worker` a process of zinetd's own, `trial` the next spawner. */
export const PROCESSES = [
  ...['run', 'compiler', 'dispatcher', 'resolver', 'upgrader'],
  ...['spawner', 'worker', 'child', 'trial'],
] as const;
const MAGIC = 0x31463146;
const [IDS, BY_NUMBER] = [1024, 256];
const [COUNTS_AT, HITS_AT, SPAWNER_AT, PLACE_AT, HIT_NTH_AT] = [64, 20, 24, 32, 36];
const BLOCK_BYTES = 1 << 21;
const SITES_AT = COUNTS_AT + PROCESSES.length * IDS * 4;
const [SITE_BYTES, SITES, SITES_HEAD_BYTES] = [16, 4096, 16];
const BLOCKS_AT = SITES_AT + SITES_HEAD_BYTES + SITES * SITE_BYTES;

/** A call of one process: which, and how it is called. */
export interface Point {
  readonly process: number;
  readonly id: number;
}

export interface Fault extends Point {
  readonly error: number;
  readonly nth: number;
  /** Where in the sources it is called: of the calls from there it is the n-th. */
  readonly place?: number | undefined;
}

/** A place in the sources, and which of the calls its first one is, where not two processes call at once. */
export interface Site {
  readonly at: number;
  readonly first: number;
}

const CALLS = wrappedCalls();

function numbered(): ReadonlyMap<number, string> {
  const numbers = SYSCALL_NAMES.map(
    (name) => [syscallNumber(name, machineArchitecture()) ?? -1, name] as const,
  );
  return new Map(numbers);
}

const NUMBERED = numbered();

export function nameOf({ id }: Pick<Point, 'id'>): string {
  return (id < BY_NUMBER ? CALLS[id] : NUMBERED.get(id - BY_NUMBER)) ?? `call ${id - BY_NUMBER}`;
}

/** The file that all processes of one zinetd have mapped: what is to fail, and what was called and reached. */
export class Plan {
  readonly path: string;
  readonly #fd: number;
  #counted = Buffer.alloc(BLOCKS_AT - COUNTS_AT);

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'w+', 0o600);
    ftruncateSync(this.#fd, BLOCKS_AT + 2 * BLOCK_BYTES);
    this.#put(0, MAGIC, -1, -1, 0, 0, 0);
  }

  /** Forgets what was counted, and has one call fail, or none. */
  arm(fault?: Fault): void {
    const { process: who, id, error, nth, place } = fault ?? { process: -1, id: -1, error: 0, nth: 0 };
    this.#put(4, -1, -1);
    writeSync(this.#fd, new Uint8Array(BLOCKS_AT - COUNTS_AT), 0, BLOCKS_AT - COUNTS_AT, COUNTS_AT);
    this.#put(12, error, nth, 0);
    this.#put(PLACE_AT, place ?? 0, 0);
    this.#put(4, who, id);
  }

  /** What was called until now is what `points` and `count` tell. */
  disarm(): void {
    this.#put(4, -1, -1);
    readSync(this.#fd, this.#counted, 0, this.#counted.length, COUNTS_AT);
  }

  /** How often the call that was to fail did. */
  get hits(): number {
    return this.#get(HITS_AT);
  }

  /** Which of the calls that was. */
  get hitNth(): number {
    return this.#get(HIT_NTH_AT);
  }

  count({ process: who, id }: Point): number {
    return this.#counted.readUInt32LE((who * IDS + id) * 4);
  }

  /** Where it is called. */
  places({ process: who, id }: Point): readonly Site[] {
    const at = SITES_AT - COUNTS_AT;
    const used = Math.min(SITES, this.#counted.readUInt32LE(at));
    const sites = Array.from({ length: used }, (_, index) => at + SITES_HEAD_BYTES + index * SITE_BYTES);
    return sites
      .filter((site) => this.#counted.readUInt32LE(site) === ((who << 16) | id))
      .map((site) => ({
        at: this.#counted.readUInt32LE(site + 4),
        first: this.#counted.readUInt32LE(site + 8),
      }));
  }

  /** What was called between `arm` and `disarm`. */
  points(): readonly Point[] {
    return Array.from({ length: PROCESSES.length * IDS }, (_, at) => at)
      .filter((at) => this.#counted.readUInt32LE(at * 4) > 0)
      .map((at) => ({ process: Math.floor(at / IDS), id: at % IDS }));
  }

  /** The next zinetd is another process. */
  forgetSpawner(): void {
    this.#put(SPAWNER_AT, 0);
  }

  /** A byte for each address of the spawner's file, or the addon's: whether the basic block that ends there was reached. */
  blocks(object: 'spawner' | 'addon'): Uint8Array {
    const bytes = new Uint8Array(BLOCK_BYTES);
    readSync(this.#fd, bytes, 0, BLOCK_BYTES, BLOCKS_AT + (object === 'addon' ? BLOCK_BYTES : 0));
    return bytes;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #put(at: number, ...words: readonly number[]): void {
    const bytes = Buffer.from(Int32Array.from(words).buffer);
    writeSync(this.#fd, bytes, 0, bytes.length, at);
  }

  #get(at: number): number {
    const bytes = Buffer.alloc(4);
    readSync(this.#fd, bytes, 0, 4, at);
    return bytes.readUInt32LE(0);
  }
}
