import type { Access, Handlers } from '../control/call.ts';
import { encodeReply } from '../control/encode-reply.ts';
import type { ErrorCode, Request } from '../control/messages.ts';
import type { CallOutcome } from '../control/session.ts';
import type { ControlFault } from '../model/control-fault.ts';
import { credentialsOf } from '../model/local-peer.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import { ControlConnection } from './control-connection.ts';
import type { Desk, Visitor } from './desks.ts';
import type { Turns } from './turns.ts';

const MOST_CLIENTS = 16;

export interface ControlDeskOptions {
  readonly access: Access;
  readonly parts: SocketParts;
  readonly handlers: Handlers;
  /** Requests of all clients, in their order. */
  readonly turns: Turns;
  /** Whether this user may talk here, whatever the mode of the socket is. */
  readonly isWelcome: (uid: number) => boolean;
  readonly onAnswered: (uid: number, request: Request, outcome: CallOutcome) => void;
  readonly onFault: (uid: number, fault: ControlFault) => void;
}

/** Those who talk over one control socket (S114). */
export class ControlDesk implements Desk {
  readonly #options: ControlDeskOptions;
  readonly #clients = new Set<ControlConnection>();
  readonly #rows = new WeakMap<ControlConnection, number>();

  constructor(options: ControlDeskOptions) {
    this.#options = options;
  }

  receive(visitor: Visitor): void {
    const uid = credentialsOf(visitor.peer.bytes)?.uid;
    if (uid === undefined || !this.#options.isWelcome(uid)) {
      const message = 'Cannot talk to zinetd: this socket is for root and the one who started it';
      this.#turnAway(visitor, { uid, code: 'not-permitted', message });
    } else if (this.#hasPlace(uid)) this.#welcome(visitor, uid);
    else {
      const message = `Cannot talk to zinetd: ${MOST_CLIENTS} others do`;
      this.#turnAway(visitor, { uid, code: 'busy', message });
    }
  }

  /**
   * Who changes things is root or who started zinetd, whatever the configuration says, and may be the one who has asked
   * for the reload.
   */
  shut(row: number): void {
    if (this.#options.access === 'admin') return;
    const clients = [...this.#clients].filter((client) => this.#rows.get(client) === row);
    for (const client of clients) {
      this.#clients.delete(client);
      client.close();
    }
  }

  close(): void {
    for (const client of this.#clients) client.close();
    this.#clients.clear();
  }

  #welcome({ descriptor, row }: Visitor, uid: number): void {
    const { parts, access, handlers, turns, onAnswered, onFault } = this.#options;
    const client: ControlConnection = new ControlConnection({
      ...{ descriptor, parts, uid },
      session: { access, handlers, onAnswered: (request, outcome) => onAnswered(uid, request, outcome) },
      onRequest: () => turns.add(() => client.serve()),
      onEnd: (fault) => {
        this.#clients.delete(client);
        if (fault) onFault(uid, fault);
      },
    });
    this.#clients.add(client);
    this.#rows.set(client, row);
  }

  #turnAway(
    { descriptor }: Visitor,
    why: {
      readonly uid: number | undefined;
      readonly code: Extract<ErrorCode, 'not-permitted' | 'busy'>;
      readonly message: string;
    },
  ): void {
    const { parts, onFault } = this.#options;
    const { uid, code, message } = why;
    parts.binding.send(descriptor.fd, encodeReply({ id: null, error: { code, message } }), -1);
    parts.reader.discard(descriptor.fd);
    descriptor.close();
    onFault(uid ?? -1, code);
  }

  /**
   * Makes one if there is none: whoever has most of them loses the one that has been silent longest. Nobody who is
   * being served goes for somebody with as many places.
   */
  #hasPlace(uid: number): boolean {
    if (this.#clients.size < MOST_CLIENTS) return true;
    const most = this.#mostOfOne();
    const own = this.#of(uid).length;
    const idle = most.filter(({ isServed }) => !isServed);
    const [victim] = idle.length > 0 || most.length <= own + 1 ? idle : most;
    if (!victim) return false;
    this.#clients.delete(victim);
    victim.close();
    return true;
  }

  #of(uid: number): readonly ControlConnection[] {
    return [...this.#clients].filter((client) => client.uid === uid);
  }

  /** The clients of the user who has most of them, the longest silent first. */
  #mostOfOne(): readonly ControlConnection[] {
    const users = [...new Set([...this.#clients].map(({ uid }) => uid))].map((uid) => this.#of(uid));
    const [most = []] = users.toSorted((one, other) => other.length - one.length);
    return most.toSorted((one, other) => one.heardAtMs - other.heardAtMs);
  }
}
