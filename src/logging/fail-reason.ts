import type { LaunchFailure } from '../events/event.ts';
import type { Verdict } from '../model/verdict.ts';

/** xinetd's word for a launch that failed; a step of the strip that failed names itself (S22). */
export function launchReason(failure: LaunchFailure): string {
  if (failure.step === 'clone') return 'fork';
  if (failure.step === 'exec') return 'exec_failed';
  return `drop_failed:${failure.step}`;
}

export function refusalReason(verdict: Verdict): string {
  return verdict.admitted ? 'none' : verdict.reason;
}
