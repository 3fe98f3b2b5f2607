import type { RpcService } from '../model/rpc.ts';
import type { LayeredService } from './layer.ts';
import { ListenerClaims } from './listener-claims.ts';
import { MuxClaims } from './mux-claims.ts';
import { type PlacedRelay, RelayClaims } from './relay-claims.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import { RpcClaims } from './rpc-claims.ts';

/** What a service takes for itself. */
export interface PlacedService {
  readonly settings: LayeredService;
  readonly placed: readonly PlacedListener[];
  readonly rpc: RpcService | undefined;
  readonly relay: PlacedRelay | undefined;
}

/** What only one service can have. */
export class ServiceClaims {
  readonly #listeners = new ListenerClaims();
  readonly #rpc = new RpcClaims();
  readonly #mux = new MuxClaims();
  readonly #relays = new RelayClaims();

  /** Reports what another service has already. */
  check({ settings, placed, rpc, relay }: PlacedService, report: Report): void {
    this.#listeners.check(placed, report);
    this.#mux.check(settings, report);
    if (rpc) this.#rpc.check({ rpc, placed }, report);
    if (relay) this.#relays.check(relay, report);
  }

  claim({ settings, placed, rpc, relay }: PlacedService): void {
    this.#listeners.claim(placed);
    this.#mux.claim(settings);
    if (rpc) this.#rpc.claim({ rpc, placed });
    if (relay) this.#relays.claim(relay);
  }

  /** Of zinetd's own sockets, once the services have theirs. */
  claimDesk(placed: readonly PlacedListener[], report: Report): void {
    this.#listeners.check(placed, report);
    this.#listeners.claim(placed);
  }

  /** Reports services of tcpmux where nothing leads to them, once all are claimed. */
  checkDoor(report: Report): void {
    this.#mux.checkDoor(report);
  }
}
