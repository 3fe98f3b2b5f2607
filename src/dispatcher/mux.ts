import type { constants } from 'node:os';
import { findMuxService, GO, helpText, NOT_AVAILABLE } from '../builtins/tcpmux-answer.ts';
import { parseMuxRequest } from '../builtins/tcpmux-line.ts';
import type { ServicePolicy } from '../model/policy.ts';
import type { Binding } from '../native/binding.ts';
import { type Poller, READABLE } from '../native/poller.ts';
import type { Ticket } from '../supervise/ledger.ts';
import type { Arrived } from './arrived.ts';
import { MuxLine } from './mux-line.ts';
import { Refuser } from './refuse.ts';
import type { World } from './world.ts';

/** From the admission to the end of the line, however the bytes come in (S79). */
const LINE_MS = 5000;

/** Why a connection ends here: no service of that name, no line in time, gone before, or a stop. */
export type MuxEnd = 'tcpmux_unknown' | 'tcpmux_timeout' | 'tcpmux_closed' | 'stopping';

export interface MuxOptions {
  readonly binding: Binding;
  readonly poller: Poller;
  readonly after: World['after'];
  /** Those of now: a reload may change them while a line is read. */
  services(): readonly ServicePolicy[];
  /** The target is admitted as if the client had come to it; takes the descriptor. */
  onTarget(
    arrived: Arrived,
    target: { readonly service: number; readonly greeting: Uint8Array | undefined },
  ): void;
  /** Its place among the instances is free again. */
  onLeft(service: number): void;
  /** It was told the names of the services. */
  onHelped(arrived: Arrived): void;
  onFailed(arrived: Arrived, failure: { readonly step: MuxEnd; readonly code: string | undefined }): void;
}

interface Waiting {
  readonly arrived: Arrived;
  readonly ticket: Ticket;
  readonly line: MuxLine;
  cancel: () => void;
}

const CODES: Readonly<Record<MuxEnd, keyof typeof constants.errno | undefined>> = {
  tcpmux_unknown: 'ENOENT',
  tcpmux_timeout: 'ETIMEDOUT',
  tcpmux_closed: 'ECONNRESET',
  stopping: undefined,
};

/**
 * Clients of tcpmux (RFC 1078) until they have said whom they want. Each has its place among the instances of the
 * service that listens, and among those of its source, so that silent ones use up neither more than that nor for
 * longer than the deadline (S79).
 */
export class Mux {
  readonly #options: MuxOptions;
  readonly #refuser: Refuser;
  readonly #waiting = new Set<Waiting>();

  constructor(options: MuxOptions) {
    this.#options = options;
    this.#refuser = new Refuser(options.binding);
  }

  /** Takes one who was admitted to the mux itself, and its reservation. */
  receive(arrived: Arrived, ticket: Ticket): void {
    const { after, binding, poller } = this.#options;
    const waiting: Waiting = { arrived, ticket, line: new MuxLine(binding), cancel: () => {} };
    this.#waiting.add(waiting);
    waiting.cancel = after(LINE_MS, () => this.#fail(waiting, 'tcpmux_timeout'));
    poller.watch(arrived.descriptor, { events: READABLE, watcher: () => this.#read(waiting) });
    this.#read(waiting);
  }

  /** Lets go of all that have not said yet whom they want. */
  close(): void {
    for (const waiting of this.#waiting) this.#fail(waiting, 'stopping');
  }

  #read(waiting: Waiting): void {
    const state = waiting.line.read(waiting.arrived.descriptor);
    if (state === 'gone') this.#fail(waiting, 'tcpmux_closed');
    else if (state === 'long') this.#fail(waiting, 'tcpmux_unknown');
    else if (state === 'whole') this.#answer(waiting);
  }

  #answer(waiting: Waiting): void {
    const { arrived, line } = waiting;
    const services = this.#options.services();
    const request = parseMuxRequest(line.bytes);
    if (request.kind === 'help') {
      this.#leave(waiting);
      this.#refuser.refuse(arrived.descriptor, helpText(services));
      this.#options.onHelped(arrived);
      return;
    }
    const found = findMuxService(services, request.name);
    if (!found) {
      this.#fail(waiting, 'tcpmux_unknown');
      return;
    }
    this.#leave(waiting);
    this.#options.onTarget(arrived, { service: found.service, greeting: found.isAnswered ? GO : undefined });
  }

  #fail(waiting: Waiting, step: MuxEnd): void {
    const { arrived } = waiting;
    this.#leave(waiting);
    this.#refuser.refuse(arrived.descriptor, step === 'tcpmux_unknown' ? NOT_AVAILABLE : undefined);
    this.#options.onFailed(arrived, { step, code: CODES[step] });
  }

  #leave(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    waiting.cancel();
    this.#options.poller.forget(waiting.arrived.descriptor);
    waiting.ticket.spend();
    this.#options.onLeft(waiting.arrived.connection.service);
  }
}
