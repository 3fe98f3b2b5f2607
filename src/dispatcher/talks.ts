import { BUILTIN_ROWS } from '../builtins/builtin-rows.ts';
import { Conversation } from '../builtins/conversation.ts';
import { isBounce } from '../builtins/is-bounce.ts';
import type { TalkPlace } from '../builtins/talk.ts';
import type { BuiltinEnd } from '../events/event.ts';
import { formatAddress } from '../model/address.ts';
import type { Builtin } from '../model/builtin.ts';
import { ByteReader } from '../native/byte-reader.ts';
import { LocalEndpoints } from '../native/local-endpoints.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import type { ResolverClient } from '../resolver/client.ts';
import type { Ticket } from '../supervise/ledger.ts';
import { type OwnClient, type OwnOptions, ownExit } from './own-exit.ts';

const READ_BYTES = 4096;

export interface TalksOptions extends OwnOptions {
  /** Knows whose connections are. */
  readonly resolver: Pick<ResolverClient, 'owner'>;
}

/** That one was admitted to a built-in. */
interface Admitted {
  readonly builtin: Builtin;
  /** Instead of what the built-in gives itself; undefined: nothing is written. */
  readonly idleMs: number | undefined;
  readonly ticket: Ticket;
  readonly severity: string | undefined;
}

/** The connections that zinetd serves itself. They end with this process, as nobody else has them. */
export class Talks {
  readonly #options: TalksOptions;
  readonly #parts: SocketParts;
  readonly #open = new Set<Conversation>();
  readonly #locals: LocalEndpoints;

  constructor(options: TalksOptions) {
    const { binding, poller, world } = options;
    this.#options = options;
    this.#locals = new LocalEndpoints(binding);
    const reader = new ByteReader(binding, READ_BYTES);
    this.#parts = { binding, poller, reader, nowMs: world.nowMs, after: world.after };
  }

  get running(): number {
    return this.#open.size;
  }

  /** Takes the descriptor, and spends the ticket in the end. */
  begin(client: OwnClient, admitted: Admitted): void {
    if (isBounce(client.connection.peer)) this.#leave(client, admitted);
    else this.#talk(client, admitted);
  }

  /** For a stop: nobody else can go on with them. */
  close(): void {
    for (const conversation of this.#open) conversation.close('stopping');
  }

  #leave({ connection, descriptor }: OwnClient, { ticket }: Admitted): void {
    const { failures, onEnd } = this.#options;
    descriptor.close();
    ticket.spend();
    failures.tell(connection, { step: 'source_port', code: undefined });
    onEnd(connection.service);
  }

  #talk(client: OwnClient, admitted: Admitted): void {
    const { bus, world, lives, nameOf } = this.#options;
    const { connection, descriptor } = client;
    const { builtin, severity } = admitted;
    if (builtin.kind === 'tcpmux') return;
    const { service, peer, via } = connection;
    bus.emit({ type: 'started', service: nameOf(service), peer, via, pid: undefined, severity });
    const row = BUILTIN_ROWS[builtin.kind];
    const lifeMs = builtin.kind === 'ident' ? builtin.ident.timeoutMs : row.lifeMs;
    const idleMs = admitted.idleMs ?? row.idleMs;
    const sinceMs = world.nowMs();
    const conversation: Conversation = new Conversation(descriptor, {
      ...{ parts: this.#parts, limits: { ...row, lifeMs, idleMs } },
      onEnd: (end) => {
        this.#open.delete(conversation);
        this.#ended(client, { admitted, end, durationMs: world.nowMs() - sinceMs });
      },
    });
    this.#open.add(conversation);
    lives.enter({ id: connection.id, service, peer, via, sinceMs, end: (why) => conversation.close(why) });
    conversation.start(row.talk(builtin, { world, place: this.#placeOf(client, { builtin, conversation }) }));
  }

  #placeOf(
    { connection, descriptor }: OwnClient,
    { builtin, conversation }: { readonly builtin: Builtin; readonly conversation: Conversation },
  ): TalkPlace {
    const { resolver } = this.#options;
    const locals = this.#locals;
    return {
      get connection() {
        const local = locals.of(descriptor);
        return typeof local === 'string' ? undefined : { local, peer: connection.peer };
      },
      findOwner: (ends, callback) => {
        if (builtin.kind !== 'ident') return callback({ kind: 'failed' });
        const { isNumeric, noident, timeoutMs: deadlineMs } = builtin.ident;
        const source = formatAddress(connection.peer.bytes);
        resolver.owner({ source, ends, isNumeric, noident, deadlineMs }, callback);
      },
      wake: () => conversation.wake(),
    };
  }

  #ended(
    { connection }: OwnClient,
    options: { readonly admitted: Admitted; readonly end: BuiltinEnd; readonly durationMs: number },
  ): void {
    const { bus, lives, nameOf, onEnd, onTimeOver } = this.#options;
    const { id, service, peer, via } = connection;
    const { admitted, end, durationMs } = options;
    lives.leave(id);
    admitted.ticket.spend();
    const exit = ownExit(durationMs);
    bus.emit({ type: 'exited', service: nameOf(service), peer, via, pid: undefined, exit, end });
    if (end === 'age' || end === 'time') onTimeOver(connection);
    onEnd(service);
  }
}
