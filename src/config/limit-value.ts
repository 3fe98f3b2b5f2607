import { parseBytes, parseDurationMs } from '../model/quantity.ts';
import { RLIMIT_NUMBERS, type RlimitName } from '../model/rlimit.ts';
import type { LimitText } from './document.ts';

/** What a limit counts, which is what its quantities are written in. */
export type LimitKind = 'bytes' | 'seconds' | 'microseconds' | 'count';

export const LIMIT_KINDS: Readonly<Record<RlimitName, LimitKind>> = {
  cpu: 'seconds',
  fsize: 'bytes',
  data: 'bytes',
  stack: 'bytes',
  core: 'bytes',
  rss: 'bytes',
  nproc: 'count',
  nofile: 'count',
  memlock: 'bytes',
  as: 'bytes',
  locks: 'count',
  sigpending: 'count',
  msgqueue: 'bytes',
  nice: 'count',
  rtprio: 'count',
  rttime: 'microseconds',
};

export const RLIMIT_NAMES: readonly RlimitName[] = Object.keys(RLIMIT_NUMBERS) as RlimitName[];

function parseDuration(text: string, unitMs: number): number | undefined {
  const milliseconds = parseDurationMs(text);
  if (milliseconds === undefined) return undefined;
  const value = milliseconds / unitMs;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A limit in the unit of setrlimit(2), or undefined when the text is not one. */
export function parseLimit(value: LimitText, kind: LimitKind): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (value === 'unlimited') return Number.POSITIVE_INFINITY;
  switch (kind) {
    case 'bytes':
      return parseBytes(value);
    case 'seconds':
      return parseDuration(value, 1000);
    case 'microseconds':
      return parseDuration(value, 0.001);
    case 'count':
      return undefined;
  }
}

/** How a limit of this kind is written, for messages. */
export function limitForm(kind: LimitKind): string {
  switch (kind) {
    case 'bytes':
      return 'must be a number of bytes, a size such as "8m", or "unlimited"';
    case 'seconds':
      return 'must be a number of seconds, a duration of whole seconds such as "10s", or "unlimited"';
    case 'microseconds':
      return 'must be a number of microseconds, a duration such as "500ms", or "unlimited"';
    case 'count':
      return 'must be a number, or "unlimited"';
  }
}
