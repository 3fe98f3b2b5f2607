import type { LaunchFailure } from '../events/launch-failure.ts';
import type { Redirect } from '../model/redirect.ts';
import { ByteReader } from '../native/byte-reader.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { SocketParts } from '../native/socket-parts.ts';
import { Attempt, type AttemptOutcome } from '../relay/attempt.ts';
import { type Carried, Relay, type RelayEnd } from '../relay/relay.ts';
import type { Ticket } from '../supervise/ledger.ts';
import type { Daemons, DaemonUse } from './daemons.ts';
import type { Outlets } from './outlets.ts';
import { type OwnClient, type OwnOptions, ownExit } from './own-exit.ts';

/** Between two looks at whether a daemon that was started listens by now. */
const RETRY_MS = 50;
/** What a slow side costs at the most, in each direction; the rest waits in the kernel. */
const READ_BYTES = 65_536;

export interface RelaysOptions extends OwnOptions {
  readonly outlets: Outlets;
  readonly daemons: Pick<Daemons, 'use'>;
}

/** That one was admitted to a service that is relayed. */
interface Admitted {
  readonly redirect: Redirect;
  readonly ticket: Ticket;
  readonly severity: string | undefined;
}

/** A place of its own, and what it has of a daemon. */
interface Seated extends Admitted {
  readonly use: DaemonUse | undefined;
}

function failureOf(outcome: Exclude<AttemptOutcome, { readonly kind: 'connected' }>): LaunchFailure {
  switch (outcome.kind) {
    case 'failed':
      return { step: 'redirect', code: outcome.code };
    case 'client_gone':
      return { step: 'client_gone', code: 'ECONNRESET' };
    case 'stopping':
      return { step: 'stopping', code: undefined };
  }
}

/** The connections that zinetd carries to somebody else. They end with this process, as nobody else has them. */
export class Relays {
  readonly #options: RelaysOptions;
  readonly #parts: SocketParts;
  readonly #attempts = new Set<Attempt>();
  readonly #open = new Set<Relay>();

  constructor(options: RelaysOptions) {
    const { binding, poller, world } = options;
    this.#options = options;
    const reader = new ByteReader(binding, READ_BYTES);
    this.#parts = { binding, poller, reader, nowMs: world.nowMs, after: world.after };
  }

  /** Takes the descriptor, and spends the ticket in the end. Nothing is read before the target is there. */
  begin(client: OwnClient, comer: Admitted): void {
    const { binding, poller, world, outlets, daemons } = this.#options;
    const { outlet, connectMs, idleStopMs } = comer.redirect;
    const use = idleStopMs === undefined ? undefined : daemons.use(client.connection.service);
    const admitted: Seated = { ...comer, use };
    const attempt: Attempt = new Attempt({
      ...{ binding, poller, after: world.after, client: client.descriptor, deadlineMs: connectMs },
      retryMs: use && RETRY_MS,
      open: (callback) => {
        if (use) use.whenUp(() => outlets.open(outlet, callback));
        else outlets.open(outlet, callback);
      },
      onOutcome: (outcome) => {
        this.#attempts.delete(attempt);
        if (outcome.kind === 'connected') this.#carry(client, { admitted, target: outcome.target });
        else this.#fail(client, { admitted, failure: failureOf(outcome) });
      },
    });
    this.#attempts.add(attempt);
  }

  /** For a stop: nobody else can go on with them. */
  close(): void {
    for (const attempt of this.#attempts) attempt.close();
    for (const relay of this.#open) relay.close('stopping');
  }

  #fail(
    { connection, descriptor }: OwnClient,
    { admitted, failure }: { readonly admitted: Seated; readonly failure: LaunchFailure },
  ): void {
    const { failures, onEnd } = this.#options;
    descriptor.close();
    admitted.ticket.spend();
    admitted.use?.end();
    failures.tell(connection, failure);
    onEnd(connection.service);
  }

  #carry(
    client: OwnClient,
    { admitted, target }: { readonly admitted: Seated; readonly target: Descriptor },
  ): void {
    const { bus, world, lives, nameOf } = this.#options;
    const { id, service, peer, via } = client.connection;
    // A unix socket has no such option, and needs none.
    for (const { fd } of [client.descriptor, target]) this.#options.binding.setNoDelay(fd);
    bus.emit({
      type: 'started',
      service: nameOf(service),
      ...{ peer, via },
      pid: undefined,
      severity: admitted.severity,
    });
    const sinceMs = world.nowMs();
    const relay: Relay = new Relay(
      { client: client.descriptor, target },
      {
        parts: this.#parts,
        idleMs: admitted.redirect.idleMs,
        onEnd: (end, traffic) => {
          this.#open.delete(relay);
          this.#ended(client, { admitted, end, traffic, durationMs: world.nowMs() - sinceMs });
        },
      },
    );
    this.#open.add(relay);
    lives.enter({ id, service, peer, via, sinceMs, end: (why) => relay.close(why) });
    relay.start();
  }

  #ended(
    { connection }: OwnClient,
    options: {
      readonly admitted: Seated;
      readonly end: RelayEnd;
      readonly traffic: Carried;
      readonly durationMs: number;
    },
  ): void {
    const { bus, lives, nameOf, onEnd, onTimeOver } = this.#options;
    const { id, service, peer, via } = connection;
    const { admitted, end, traffic, durationMs } = options;
    lives.leave(id);
    admitted.ticket.spend();
    admitted.use?.end();
    const exit = ownExit(durationMs);
    bus.emit({ type: 'exited', service: nameOf(service), peer, via, pid: undefined, exit, end, traffic });
    if (end === 'age') onTimeOver(connection);
    onEnd(service);
  }
}
