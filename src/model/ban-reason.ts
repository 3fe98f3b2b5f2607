/** Why a source is banned; the index is what the table and the state file keep, so that rows are only added. */
export const BAN_REASONS = [
  'sensor',
  'crash',
  'refused',
  'too_fast',
  'time_limit',
  'exit_status',
  'operator',
] as const;

export type BanReason = (typeof BAN_REASONS)[number];
