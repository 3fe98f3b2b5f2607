/** What a service is registered as with rpcbind(8): a program in all its versions from `low` to `high`. */
export interface RpcService {
  readonly program: number;
  readonly low: number;
  readonly high: number;
}

/** `2` or `1-5`, as a configuration has it. */
export function formatVersions({ low, high }: Pick<RpcService, 'low' | 'high'>): string {
  return low === high ? String(low) : `${low}-${high}`;
}

/** Of programs and versions (RFC 5531). */
export const MOST_RPC_NUMBER = 0xffff_ffff;

/** Of one service: each is a call to rpcbind. */
export const MOST_RPC_VERSIONS = 64;

/** How rpcbind names a transport over IPv4 or IPv6 (RFC 5665, 5.1). */
export const NETIDS = ['tcp', 'udp', 'tcp6', 'udp6'] as const;

export type Netid = (typeof NETIDS)[number];

/** For the dispatcher: with the transports of each listener of the service, in their order. */
export interface RpcPolicy extends RpcService {
  readonly netids: readonly (readonly Netid[])[];
}

/** That a program listens at a universal address. */
export interface RpcRegistration extends RpcService {
  readonly netid: Netid;
  /** `192.0.2.1.3.0`, `::.3.0`: address and port of RFC 5665, 5.2.3.3 and 5.2.3.4. */
  readonly address: string;
}

/** Rpcbind cannot be asked; somebody else has this program, version and transport; it says no. */
export const RPC_TROUBLES = ['unreachable', 'held', 'refused'] as const;

export interface RpcTrouble {
  readonly why: (typeof RPC_TROUBLES)[number];
  /** Symbolic: an errno, or a state of RFC 5531; of `held`, whom rpcbind names as the owner. */
  readonly code: string | undefined;
}

/** What has become of a registration, and the end of one that was withdrawn: it is gone, or may still be there. */
export type RpcState =
  | { readonly kind: 'registered' | 'gone' }
  | ({ readonly kind: 'failed' | 'left' } & RpcTrouble);
