import { type Decision, MOST_REASON_CHARACTERS } from '../model/decision.ts';

/** The longest line that a program may answer with. */
export const MOST_LINE_BYTES = 4096;

/** `{"allow": true, "reason": "..."}`; other keys are left for later. */
export function parseDecision(line: Uint8Array): Decision {
  const invalid: Decision = { kind: 'undecided', why: 'invalid' };
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    if (typeof value !== 'object' || value === null || !('allow' in value)) return invalid;
    const reason = 'reason' in value ? value.reason : undefined;
    if (typeof value.allow !== 'boolean') return invalid;
    if (reason !== undefined && (typeof reason !== 'string' || reason.length > MOST_REASON_CHARACTERS))
      return invalid;
    return { kind: value.allow ? 'allowed' : 'denied', reason };
  } catch {
    return invalid;
  }
}
