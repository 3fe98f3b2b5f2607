import type { PauseReason } from '../model/pause-reason.ts';

type PlainReason = Exclude<PauseReason, `queue:${string}`>;

const PAUSES: Readonly<Record<PlainReason, string>> = {
  descriptors: 'no descriptors or memory',
  launches: 'too many handlers are being started',
  'launches-of-one': 'too many of its handlers are being started',
  suspended: 'suspended',
  workers: 'its workers have as many as they may have',
  busy: 'a handler has it',
  asking: 'somebody is asked about a client',
  fruitless: 'its handlers take nothing',
  opening: 'another socket is being opened',
};

const QUEUE = 'queue:';

function isQueue(reason: PauseReason): reason is Exclude<PauseReason, PlainReason> {
  return reason.startsWith(QUEUE);
}

/** Why a listener is not looked at, in words. */
export function describePause(reason: PauseReason): string {
  return isQueue(reason) ? `clients queue for ${reason.slice(QUEUE.length)}` : PAUSES[reason];
}
