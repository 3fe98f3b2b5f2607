/** Why a connection is refused, each with the words of its record: xinetd's where it has some. */
export const REFUSAL_TEXTS = {
  address: 'address',
  time: 'time',
  load: 'load',
  libwrap: 'libwrap',
  service_limit: 'service_limit',
  per_source_limit: 'per_source_limit',
  process_limit: 'process_limit',
  connections_per_second: 'connections per second',
  banned: 'banned',
  sensor: 'sensor',
  per_source_rate: 'per_source_rate',
  decision: 'decision',
  name_lookup: 'name_lookup',
  unidentified: 'unidentified',
  disabled: 'disabled',
  certificate: 'certificate',
} as const;

export type RefusalReason = keyof typeof REFUSAL_TEXTS;

/** In the order of the table, so that a reason can be kept as a number. */
export const REFUSAL_REASONS: readonly RefusalReason[] = Object.keys(REFUSAL_TEXTS) as RefusalReason[];
