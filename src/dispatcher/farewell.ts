import { constants } from 'node:os';
import { formatAddress } from '../model/address.ts';
import { REFUSAL_TEXTS } from '../model/refusal-reason.ts';
import { type RefusalTemplate, renderRefusalText } from '../model/refusal-text.ts';
import type { Refusal } from '../model/verdict.ts';
import type { Binding } from '../native/binding.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { Guest } from './guest.ts';
import { Refuser } from './refuse.ts';
import { Tarpit } from './tarpit.ts';
import type { Teller } from './teller.ts';
import type { World } from './world.ts';

const NOTHING = new Uint8Array(0);
const GONE: ReadonlySet<number> = new Set([-constants.errno.ECONNRESET, -constants.errno.EPIPE]);

/** Says to clients what there is to say, and parts with those who are refused. */
export class Farewell {
  readonly #binding: Binding;
  readonly #refuser: Refuser;
  readonly #tarpit: Tarpit;
  readonly #teller: Teller;

  constructor(options: {
    readonly binding: Binding;
    readonly after: World['after'];
    readonly teller: Teller;
  }) {
    this.#teller = options.teller;
    this.#binding = options.binding;
    this.#refuser = new Refuser(options.binding);
    this.#tarpit = new Tarpit(options);
  }

  /** Connections of a service that a tarpit holds. */
  held(service: number): number {
    return this.#tarpit.held(service);
  }

  /**
   * Takes the connection of a guest who is refused. Whoever sent a datagram is told nothing: it may be somebody else
   * (S65). A text of the limit or the rule says more than the banner of the service, which is for where there is none.
   */
  refuse(
    guest: Guest,
    {
      service,
      refusal,
      banner,
      isSilent = false,
    }: {
      readonly service: string;
      readonly refusal: Refusal;
      readonly banner: Uint8Array | undefined;
      readonly isSilent?: boolean;
    },
  ): void {
    const { policy, reason } = refusal;
    const { descriptor, connection } = guest;
    if (!descriptor) return;
    if (connection.isClaimed) {
      descriptor.close();
      return;
    }
    const template = 'text' in policy && !isSilent ? policy.text : undefined;
    const text = template && this.#render(template, { guest, service, reason: REFUSAL_TEXTS[reason] });
    if (policy.kind === 'tarpit') {
      const { bytesPerSecond, slots } = policy;
      const hold = { service: connection.service, bytesPerSecond, slots, text: text ?? banner };
      this.#tarpit.hold(descriptor, hold);
    } else if (text) this.#refuser.refuse(descriptor, text);
    else this.#close(guest, { descriptor, banner });
  }

  /** A banner is as long as it is, so that the client has time to take it. */
  #close(
    { source }: Guest,
    { descriptor, banner }: { readonly descriptor: Descriptor; readonly banner: Uint8Array | undefined },
  ): void {
    if (!banner) this.#refuser.refuse(descriptor);
    else this.#teller.tell({ descriptor, bytes: banner, source }, () => this.#refuser.part(descriptor));
  }

  /** Bytes ahead of everything that a handler says. */
  say(descriptor: Descriptor, bytes: Uint8Array): void {
    this.#binding.send(descriptor.fd, bytes, -1);
  }

  /** A text ahead of the handler's; what the client does not take at once it does not get (S96). */
  greet(
    descriptor: Descriptor,
    options: { readonly guest: Guest; readonly template: RefusalTemplate; readonly service: string },
  ): void {
    const { guest, template, service } = options;
    this.#binding.send(descriptor.fd, this.#render(template, { guest, service, reason: '' }), -1);
  }

  /** Whether the client has reset the connection. Sending nothing tells, and one that only says no more is still there. */
  isGone(descriptor: Descriptor): boolean {
    return GONE.has(this.#binding.send(descriptor.fd, NOTHING, -1));
  }

  /** Lets go of every connection that is held. */
  close(): void {
    this.#tarpit.close();
  }

  #render(
    template: RefusalTemplate,
    values: { readonly guest: Guest; readonly service: string; readonly reason: string },
  ): Uint8Array {
    const { guest, service, reason } = values;
    const address = formatAddress(guest.arrival.peer.bytes);
    return renderRefusalText(template, { address, service, reason });
  }
}
