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

function isOverlapping(left: RpcService, right: RpcService): boolean {
  return left.low <= right.high && right.low <= left.high;
}

/** rpcbind keeps one address for a version of a program on a transport. */
export function checkDuplicateRpc(services: readonly PlacedRpc[], report: Report): void {
  const claims = new Map<string, Claim[]>();
  for (const claim of services.flatMap(claimsOf)) {
    const key = `${claim.rpc.program} ${claim.netid}`;
    const others = claims.get(key) ?? [];
    claims.set(key, [...others, claim]);
    const first = others.find(({ rpc }) => isOverlapping(rpc, claim.rpc));
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
