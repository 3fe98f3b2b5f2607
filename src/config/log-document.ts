import type { SyslogForm } from '../model/log-policy.ts';

export interface LogFileDocument {
  readonly file: string;
  /** Sizes; one warning beyond the first, no more records beyond the second. */
  readonly soft?: number | string;
  readonly hard?: number | string;
  /** Octal text. */
  readonly mode?: string;
}

export interface LogSyslogDocument {
  /** A facility of syslog(3). */
  readonly syslog: string;
  readonly level?: string;
  /** `unix-dgram:///dev/log`, `udp://HOST:PORT`, `tcp://HOST:PORT`. */
  readonly to?: string;
  readonly format?: SyslogForm;
  readonly tag?: string;
}

export type LogTypeDocument = 'stdout' | 'none' | LogFileDocument | LogSyslogDocument;

export type LogFormatDocument = 'text' | 'json' | { readonly template: string };

export type LogAddressDocument =
  | 'keep'
  | 'hash'
  | 'omit'
  | { readonly truncate: { readonly ipv4?: number; readonly ipv6?: number } };
