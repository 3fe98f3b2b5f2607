import type { Place } from '../../config/source.ts';
import type { Word } from './word.ts';

/** Which addresses a protocol is about; `mapped` is one IPv6 socket for both. */
export type Family = 'ipv4' | 'ipv6' | 'both' | 'mapped';

export interface Transport {
  readonly kind: 'tcp' | 'udp' | 'unix';
  readonly family: Family;
  readonly isRpc: boolean;
  readonly sendBuffer: Word | undefined;
  readonly receiveBuffer: Word | undefined;
  readonly at: Place;
}

/** Owner, group and mode of a unix socket, as far as they are written. */
export interface SocketOwner {
  readonly user: Word | undefined;
  readonly group: Word | undefined;
  readonly mode: Word | undefined;
}

/** What the first field names. */
export type Subject =
  | { readonly kind: 'port'; readonly port: Word; readonly hosts: readonly Word[] | undefined }
  | { readonly kind: 'path'; readonly path: Word; readonly owner: SocketOwner | undefined }
  | {
      readonly kind: 'rpc';
      readonly program: Word;
      readonly versions: Word;
      readonly hosts: readonly Word[] | undefined;
    }
  | { readonly kind: 'mux'; readonly name: Word; readonly isPlus: boolean };

export type SocketType = 'stream' | 'dgram' | 'seqpacket';

/** A number where the file has one. */
export interface Count {
  readonly value: number;
  readonly place: Place;
}

/** What is written of limits; what each means hangs on the dialect. */
export interface Limits {
  /** Starts in a minute, of everybody: `nowait.N` and `service_max`. */
  readonly perMinute: Count | undefined;
  /** Connections of one address in a minute. */
  readonly perMinuteAndSource: Count | undefined;
  /** Handlers at once. */
  readonly children: Count | undefined;
  readonly childrenPerSource: Count | undefined;
}

export interface Principals {
  readonly user: Word;
  readonly group: Word | undefined;
}

export type HandlerProgram =
  | { readonly kind: 'builtin'; readonly name: string; readonly word: Word; readonly args: readonly Word[] }
  | {
      readonly kind: 'server';
      readonly path: Word;
      readonly argv0: Word | undefined;
      readonly args: readonly Word[];
      /** Who decides in hosts.allow under this name. */
      readonly daemon: Word | undefined;
    };

/** A service as the file defines it, read but not yet put in our words. */
export interface ServiceEntry {
  /** The first field. */
  readonly head: Word;
  /** All of it. */
  readonly place: Place;
  readonly isEnabled: boolean;
  /** It says itself that no IPsec policy is for it. */
  readonly hasOwnPolicy: boolean;
  readonly subject: Subject;
  readonly socketType: SocketType;
  readonly transport: Transport;
  readonly wait: boolean;
  readonly waitAt: Place;
  readonly limits: Limits;
  readonly principals: Principals;
  readonly program: HandlerProgram;
}
