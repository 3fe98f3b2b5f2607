import type { MapEntry } from '../../config/syntax-node.ts';
import type { AskedRules } from './asked-rules.ts';
import type { ShellWord } from './shell-word.ts';

/** How a server is called, whichever it is, read but not yet put in our words. */
export interface ServerCall {
  readonly server: ShellWord;
  readonly host: ShellWord;
  readonly port: ShellWord;
  readonly transport: 'tcp' | 'udp';
  /** Which sockets it makes of a host that is no address. */
  readonly family: 'ipv4' | 'ipv6' | 'both' | 'mapped';
  readonly program: readonly ShellWord[];
  /** Whom it becomes by its own options. */
  readonly user: ShellWord | undefined;
  readonly group: ShellWord | undefined;
  /** It becomes whom UID and GID name. */
  readonly takesNamed: boolean;
  readonly rules: AskedRules | 'none';
  /** Names that do not lead back to the address are none to it. */
  readonly confirmsNames: boolean;
  /** It looks no names up, so that no rule by name matches. */
  readonly knowsNames: boolean;
  readonly tellsPeer: boolean;
  /** Speaks TLS with the certificate that its environment names. */
  readonly tls: { readonly at: ShellWord; readonly asksClient: boolean } | undefined;
  /** Limits and options of the socket, in our words. */
  readonly entries: readonly (MapEntry | undefined)[];
}
