import type { RpcTrouble } from '../../model/rpc.ts';
import type { ChangeOutcome } from './change-mapping.ts';

/** What is wrong with a change that was not made. */
export function troubleOf(outcome: Exclude<ChangeOutcome, { kind: 'done' }>): RpcTrouble {
  switch (outcome.kind) {
    case 'held': {
      // A no that nobody's mapping explains.
      const why = outcome.owner === undefined ? 'refused' : 'held';
      return { why, code: outcome.owner };
    }
    case 'refused':
      return { why: 'refused', code: outcome.code };
    case 'lost':
      return { why: 'unreachable', code: outcome.code };
  }
}
