import { LAUNCH_STEPS, type LaunchStep } from './launch-step.ts';

/** What failed before or after the strip, in the words of records: xinetd's where it has one. */
const WORDS = {
  client_gone: 'client_gone',
  clone: 'fork',
  cap: 'service_limit',
  busy: 'launch_busy',
  refused: 'launch_refused',
  send: 'launch_refused',
  open: 'open_failed',
  address: 'address_unknown',
  exec: 'exec_failed',
  stopping: 'stopping',
  tcpmux_unknown: 'tcpmux_unknown',
  tcpmux_timeout: 'tcpmux_timeout',
  tcpmux_closed: 'tcpmux_closed',
  source_port: 'source_port',
  redirect: 'redirect',
  pass: 'pass_failed',
  proxy_protocol: 'proxy_protocol',
  tls: 'tls',
  banner_timeout: 'banner_timeout',
  banner_busy: 'banner_busy',
} as const;

/** What has no word of its own: what a child does between clone and exec. */
const STRIP = LAUNCH_STEPS.filter((step) => !Object.hasOwn(WORDS, step));

type Word = (typeof WORDS)[keyof typeof WORDS];

/** Each is told of by itself: it is the word of refusals too, or there are only so many of them at once, for which it says more. */
const ALONE = ['service_limit', 'stopping', 'proxy_protocol', 'banner_timeout', 'banner_busy'] as const;

/** What is told of many clients together. */
export type FailureReason = Exclude<Word, (typeof ALONE)[number]> | `drop_failed:${LaunchStep}`;

const REASON_OF: ReadonlyMap<string, Word | FailureReason> = new Map([
  ...Object.entries(WORDS),
  ...STRIP.map((step) => [step, `drop_failed:${step}`] as const),
]);

function isOfMany(word: Word | FailureReason): word is FailureReason {
  return !ALONE.some((alone) => alone === word);
}

export const FAILURE_REASONS: readonly FailureReason[] = [...new Set(REASON_OF.values())].filter(isOfMany);

/** The reason of a FAIL record; a step of the strip that failed names itself (S22). */
export function failureWord(step: string): string {
  return REASON_OF.get(step) ?? `drop_failed:${step}`;
}

/** That of one for many; undefined where each has a record of its own. */
export function failureReason(step: string): FailureReason | undefined {
  const word = REASON_OF.get(step);
  return word !== undefined && isOfMany(word) ? word : undefined;
}
