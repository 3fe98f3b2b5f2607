import type { LogPolicy } from './log-policy.ts';

/** Whether records of a service say who its clients are, so that their hosts are asked. */
export function asksIdent({ success, failure }: Pick<LogPolicy, 'success' | 'failure'>): boolean {
  return success.includes('userid') || failure.includes('userid');
}
