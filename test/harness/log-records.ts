import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** One line of `--log-format json`. */
export interface LogRecord {
  readonly time: string;
  readonly level: string;
  readonly event: string;
  readonly service?: string;
  readonly pid?: number;
  readonly peer?: {
    readonly address: string;
    readonly port: number;
    readonly uid?: number;
    readonly gid?: number;
  };
  readonly local?: {
    readonly scheme: string;
    readonly address: string;
    readonly port: number;
    readonly path?: string;
  };
  readonly status?: number;
  readonly signal?: number;
  readonly duration_ms?: number;
  readonly reason?: string;
  readonly step?: string;
  readonly error?: string;
  readonly [key: string]: unknown;
}

/** The type of an event, or whatever else tells the record that is meant. */
export type Match = string | ((record: LogRecord) => boolean);

interface Waiter {
  readonly matches: (record: LogRecord) => boolean;
  readonly accept: (record: LogRecord) => void;
}

/** The long form shares its machine, for hours. */
const DEADLINE_MS = process.env['ZINETD_LONG'] === '1' ? 60_000 : 15_000;

function predicateOf(match: Match): (record: LogRecord) => boolean {
  return typeof match === 'string' ? (record) => record.event === match : match;
}

/** The log of one daemon, as it comes. */
export class LogRecords {
  /** Every record so far, in order. */
  readonly all: LogRecord[] = [];
  /** Lines that are not JSON: there should be none. */
  readonly strays: string[] = [];
  readonly #unclaimed: LogRecord[] = [];
  readonly #waiters = new Set<Waiter>();

  constructor(stream: Readable) {
    createInterface({ input: stream }).on('line', (line) => this.#take(line));
  }

  #take(line: string): void {
    let record: LogRecord;
    try {
      record = JSON.parse(line) as LogRecord;
    } catch {
      this.strays.push(line);
      return;
    }
    this.all.push(record);
    for (const waiter of this.#waiters) {
      if (!waiter.matches(record)) continue;
      waiter.accept(record);
      return;
    }
    this.#unclaimed.push(record);
  }

  /** The first match that no earlier call got: of those that came already, else of those to come. */
  next(match: Match, options: { readonly timeoutMs?: number } = {}): Promise<LogRecord> {
    const matches = predicateOf(match);
    const index = this.#unclaimed.findIndex(matches);
    const [found] = index < 0 ? [] : this.#unclaimed.splice(index, 1);
    if (found) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`Waited in vain for the record ${match}; there are:\n${this.describe()}`));
      }, options.timeoutMs ?? DEADLINE_MS);
      const accept = (record: LogRecord) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve(record);
      };
      const waiter: Waiter = { matches, accept };
      this.#waiters.add(waiter);
    });
  }

  count(match: Match): number {
    return this.all.filter(predicateOf(match)).length;
  }

  /** The end of the log, for the message of a test that fails. */
  describe(): string {
    return [...this.all.slice(-40).map((record) => JSON.stringify(record)), ...this.strays].join('\n');
  }
}
