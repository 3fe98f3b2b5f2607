/** Resource limits by their configuration name, with the number of setrlimit(2) (asm-generic). */
export const RLIMIT_NUMBERS = {
  cpu: 0,
  fsize: 1,
  data: 2,
  stack: 3,
  core: 4,
  rss: 5,
  nproc: 6,
  nofile: 7,
  memlock: 8,
  as: 9,
  locks: 10,
  sigpending: 11,
  msgqueue: 12,
  nice: 13,
  rtprio: 14,
  rttime: 15,
} as const;

export type RlimitName = keyof typeof RLIMIT_NUMBERS;

/** One limit: bytes, seconds, counts or microseconds as setrlimit(2) has them; Infinity for no limit. */
export interface Rlimit {
  readonly name: RlimitName;
  readonly soft: number;
  readonly hard: number;
}
