import type { Netid, RpcService } from '../model/rpc.ts';
import { rpcNetids } from '../model/rpc-netids.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import type { Place } from './source.ts';

/** A service that is registered with rpcbind, and where it listens. */
export interface PlacedRpc {
  readonly rpc: RpcService;
  readonly placed: readonly PlacedListener[];
}

interface Claim {
  readonly rpc: RpcService;
  readonly netid: Netid;
  readonly place: Place;
}

function claimsOf({ rpc, placed }: PlacedRpc): readonly Claim[] {
  return placed.flatMap(({ listener, place }) => rpcNetids(listener).map((netid) => ({ rpc, netid, place })));
}

function keyOf({ rpc, netid }: Claim): string {
  return `${rpc.program} ${netid}`;
}

function isOverlapping(left: RpcService, right: RpcService): boolean {
  return left.low <= right.high && right.low <= left.high;
}

/** rpcbind keeps one address for a version of a program on a transport. */
export class RpcClaims {
  readonly #claims = new Map<string, Claim[]>();

  /** Reports what is registered already, by another service or by this one. */
  check(service: PlacedRpc, report: Report): void {
    const own: Claim[] = [];
    for (const claim of claimsOf(service)) {
      const others = [...(this.#claims.get(keyOf(claim)) ?? []), ...own];
      own.push(claim);
      const first = others.find(
        (other) => keyOf(other) === keyOf(claim) && isOverlapping(other.rpc, claim.rpc),
      );
      if (!first) continue;
      const version = Math.max(first.rpc.low, claim.rpc.low);
      report.add({
        code: 'config/duplicate-rpc',
        at: claim.place,
        message: `Cannot register version ${version} of RPC program ${claim.rpc.program} for ${claim.netid} twice`,
        related: [{ at: first.place, message: 'first listened here' }],
      });
    }
  }

  /** Nobody else can register them from now on. */
  claim(service: PlacedRpc): void {
    for (const claim of claimsOf(service)) {
      const claims = this.#claims.get(keyOf(claim)) ?? [];
      claims.push(claim);
      this.#claims.set(keyOf(claim), claims);
    }
  }
}
