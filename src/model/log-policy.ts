/** What the records of a service that was given may say, in the words of xinetd.conf(5). */
export const SUCCESS_FIELDS = ['pid', 'host', 'userid', 'exit', 'duration', 'traffic'] as const;
/** And of one that was not; `attempt` is implied by the others. */
export const FAILURE_FIELDS = ['host', 'userid', 'attempt'] as const;

export type SuccessField = (typeof SUCCESS_FIELDS)[number];
export type FailureField = (typeof FAILURE_FIELDS)[number];

/** What records have instead of the address of a client; prefixes are lengths in bits. */
export type AddressPrivacy =
  | { readonly kind: 'keep' }
  | { readonly kind: 'truncate'; readonly ipv4Prefix: number; readonly ipv6Prefix: number }
  | { readonly kind: 'hash' }
  | { readonly kind: 'omit' };

/** A line of the operator's own: literal text, and names of fields. */
export type RecordTemplate = readonly (string | { readonly field: string })[];

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
      readonly transport: 'unix' | 'udp' | 'tcp';
      /** As the configuration writes it, for messages. */
      readonly to: string;
      readonly form: SyslogForm;
      /** Numbers of RFC 5424; `severity` is that of records that are no failure. */
      readonly facility: number;
      readonly severity: number;
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
