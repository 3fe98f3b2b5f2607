import { type Endpoint, isLinkLocal, parseAddress, unmapEndpoint } from './address.ts';
import { unixPeerBytes, vsockBytes } from './local-peer.ts';

/** The index of an interface; undefined for none of that name. */
export type FindInterface = (name: string) => number | undefined;

/** `form`: it is no endpoint at all; `value`: something in it cannot be; `interface`: there is none of this name. */
export type EndpointFault =
  | { readonly fault: 'form' | 'value' }
  | { readonly fault: 'interface'; readonly name: string };

const MOST_PORT = 65_535;
/** Of nobody. */
const NO_ID = 0xffff_ffff;
const LARGEST_ID = 0xffff_fffe;
const EPHEMERAL_PORT = 49_152;
const ENDPOINT = /^(?:\[([^\]%]+)(%[^\]]+)?\]|([^:%]+))(?::(\d{1,5}))?$/;
const BARE_IPV6 = /^([^[\]%]*:[^[\]%]*:[^[\]%]*)(%.+)?$/;
const LOCAL = /^(uid|cid):(0|[1-9]\d{0,9})(?:,gid:(0|[1-9]\d{0,9}))?$/;

/** `uid:1000`, `uid:1000,gid:100`, `cid:3`; undefined for anything else. A group that is not said is none. */
function parseLocal(text: string): Endpoint | EndpointFault | undefined {
  const [, kind, id, gid] = LOCAL.exec(text) ?? [];
  if (kind === undefined) return undefined;
  if (Number(id) > LARGEST_ID || Number(gid ?? 0) > LARGEST_ID) return { fault: 'value' };
  const rest = { port: 0, scopeId: 0 };
  if (kind === 'cid' && gid === undefined) return { family: 'vsock', bytes: vsockBytes(Number(id)), ...rest };
  if (kind === 'cid') return { fault: 'value' };
  const credentials = { uid: Number(id), gid: gid === undefined ? NO_ID : Number(gid), pid: 0 };
  return { family: 'unix', bytes: unixPeerBytes(credentials), ...rest };
}

/**
 * What a client can be: `192.0.2.1`, `192.0.2.1:4000`, `2001:db8::1`, `[2001:db8::1]:4000`, `fe80::1%eth0`, `uid:1000`,
 * `cid:3`. A port that is not said is one that clients have.
 */
export function parseEndpoint(text: string, findInterface: FindInterface): Endpoint | EndpointFault {
  const local = parseLocal(text);
  if (local) return local;
  const [, bare, bareZone] = BARE_IPV6.exec(text) ?? [];
  const [, bracketed, zone, plain, port = EPHEMERAL_PORT] = ENDPOINT.exec(text) ?? [];
  const bytes = parseAddress(bare ?? bracketed ?? plain ?? '');
  if (!bytes || Number(port) > MOST_PORT) return { fault: 'form' };
  const named = (bareZone ?? zone)?.slice(1);
  if (named !== undefined && !isLinkLocal(bytes)) return { fault: 'value' };
  const scopeId = named === undefined ? 0 : findInterface(named);
  if (scopeId === undefined) return { fault: 'interface', name: named ?? '' };
  return unmapEndpoint({
    ...{ family: bytes.length === 4 ? 4 : 6, bytes, scopeId },
    port: bare === undefined ? Number(port) : EPHEMERAL_PORT,
  });
}
