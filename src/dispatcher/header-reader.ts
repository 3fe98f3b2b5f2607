import { constants } from 'node:os';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { HeaderFault, ProxyHeader } from '../proxy-protocol/header.ts';
import { parseHeader } from '../proxy-protocol/parse-header.ts';

const { errno } = constants;
const LATER: ReadonlySet<number> = new Set([-errno.EAGAIN, -errno.EINTR]);
const NOTHING = new Uint8Array(0);

/** `gone`: it was closed or reset. */
export type HeaderState =
  | { readonly kind: 'more' | 'gone' }
  | { readonly kind: 'header'; readonly header: ProxyHeader }
  | { readonly kind: 'malformed'; readonly fault: HeaderFault };

/**
 * The header that a connection begins with, taken out of it to the byte: what comes behind is the handler's (S17).
 * A part of one is taken too, or a level-triggered poller would tell of it without a pause.
 */
export class HeaderReader {
  readonly #binding: Binding;
  /** Shared: used during one call only, and as long as a header can be. */
  readonly #scratch: Uint8Array;
  readonly #passed = new Int32Array(1);
  #taken = NOTHING;

  constructor(binding: Binding, scratch: Uint8Array) {
    this.#binding = binding;
    this.#scratch = scratch;
  }

  read(descriptor: Descriptor): HeaderState {
    const { length: before } = this.#taken;
    this.#scratch.set(this.#taken);
    const seen = this.#binding.peek(descriptor.fd, this.#scratch.subarray(before));
    if (LATER.has(seen)) return { kind: 'more' };
    if (seen <= 0) return { kind: 'gone' };
    const parsed = parseHeader(this.#scratch.subarray(0, before + seen));
    if (parsed.kind === 'malformed') return parsed;
    const own = parsed.kind === 'header' ? parsed.length - before : seen;
    if (!this.#take(descriptor, own)) return { kind: 'gone' };
    if (parsed.kind === 'more') this.#taken = this.#scratch.slice(0, before + own);
    return parsed;
  }

  #take(descriptor: Descriptor, count: number): boolean {
    const { length: before } = this.#taken;
    const into = this.#scratch.subarray(before, before + count);
    return this.#binding.receive(descriptor.fd, into, this.#passed) === count;
  }
}
