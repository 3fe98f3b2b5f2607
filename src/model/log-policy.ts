/** What the records of a service that was given may say, in the words of xinetd.conf(5). */
export const SUCCESS_FIELDS = ['pid', 'host', 'userid', 'exit', 'duration', 'traffic'] as const;
/** And of one that was not; `attempt` is implied by the others, and `why` is what xinetd never says. */
export const FAILURE_FIELDS = ['host', 'userid', 'attempt', 'why'] as const;

export type SuccessField = (typeof SUCCESS_FIELDS)[number];
export type FailureField = (typeof FAILURE_FIELDS)[number];

/** What records have instead of the address of a client; prefixes are lengths in bits. */
export type AddressPrivacy =
  | { readonly kind: 'keep' }
  | { readonly kind: 'truncate'; readonly ipv4Prefix: number; readonly ipv6Prefix: number }
  | { readonly kind: 'hash' }
  | { readonly kind: 'omit' };

/** What a template can have of an event. */
export const RECORD_FIELDS = [
  'time',
  'level',
  'event',
  'service',
  'address',
  'port',
  'pid',
  'status',
  'signal',
  'duration',
  'reason',
  'user',
  'in',
  'out',
  'message',
] as const;

export type RecordField = (typeof RECORD_FIELDS)[number];

/** A line of the operator's own: literal text, and fields that are filled in. */
export type RecordTemplate = readonly (string | { readonly field: RecordField })[];

/** Undefined where it is left to the command line. */
export type RecordFormat = 'text' | 'json' | { readonly template: RecordTemplate } | undefined;

/** `rfc3164` is what /dev/log takes; TCP has the framing of RFC 6587, by octet counts. */
export type SyslogForm = 'rfc3164' | 'rfc5424';

/** Where records go. `outlet` is a row of the launch table. */
export type LogDestination =
  | { readonly kind: 'stdout'; readonly format: RecordFormat }
  | {
      readonly kind: 'file';
      readonly outlet: number;
      readonly path: string;
      /** One warning beyond `soft`; no more records beyond `hard`. Undefined: no limit. */
      readonly softBytes: number | undefined;
      readonly hardBytes: number | undefined;
      readonly format: RecordFormat;
    }
  | {
      readonly kind: 'syslog';
      readonly outlet: number;
      readonly transport: 'datagram' | 'stream';
      /** As the configuration writes it, for messages. */
      readonly to: string;
      /** Where that was found to be. */
      readonly server: string;
      /** On this machine: in the form of RFC 3164 there is no host name then, as syslog(3) has it. */
      readonly isLocal: boolean;
      readonly form: SyslogForm;
      /** Numbers of RFC 5424; without a `severity` each record has that of its kind. */
      readonly facility: number;
      readonly severity: number | undefined;
      readonly tag: string;
      readonly format: RecordFormat;
    };

/** What is recorded of one service, and where. */
export interface LogPolicy {
  /** Index into the destinations of the policy; undefined: nowhere. */
  readonly destination: number | undefined;
  /** None: successes are not recorded. */
  readonly success: readonly SuccessField[];
  /** None: failures are not recorded. */
  readonly failure: readonly FailureField[];
  readonly address: AddressPrivacy;
}
