import type { Endpoint } from '../model/address.ts';
import type { Connection } from '../model/connection.ts';
import type { TlsDemands } from '../model/tls-demands.ts';
import type { Descriptor } from '../native/descriptor.ts';
import type { TlsFacts } from '../relay/tls-facts.ts';

/** One who has come in, with a descriptor of their own. */
export interface Arrived {
  readonly connection: Connection;
  /** Where they came in. */
  readonly local: Endpoint;
  readonly descriptor: Descriptor;
  /** It spoke TLS, so that the descriptor is that of a socket pair. */
  readonly tls?: TlsFacts | undefined;
  /** What its handshake has asked of it. */
  readonly asked?: TlsDemands | undefined;
  /** Said once they are admitted, ahead of everything else. */
  readonly greeting?: Uint8Array | undefined;
  /** It came by tcpmux. */
  readonly isMuxed?: boolean | undefined;
  /** Why it will not be served, whatever the verdict, which is charged all the same. */
  readonly lapse?: 'client_gone' | 'banner_busy' | undefined;
  /** It has had its greeting and its banners; a reload came meanwhile. */
  readonly isTold?: boolean | undefined;
}
