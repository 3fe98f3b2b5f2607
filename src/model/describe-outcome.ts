import type { CheckName } from './check-name.ts';
import { formatDurationMs } from './quantity.ts';
import type { CheckOutcome } from './verdict.ts';

function left(retryMs: number | undefined): string {
  if (retryMs === undefined) return '';
  return retryMs === Number.POSITIVE_INFINITY ? ', for ever' : `, for ${formatDurationMs(retryMs)}`;
}

const ACCESS_NOTES: Readonly<Record<string, string>> = {
  not_in_only_from: 'matches nothing in only_from',
  no_name: 'has no name, and its address matches nothing in only_from',
  name_not_confirmed: 'its name does not lead back to it',
  name_busy: 'too many names are being looked up',
  name_timeout: 'its name could not be looked up in time',
  name_failed: 'its name could not be looked up',
  name_invalid: 'its name is none',
};

function describeAccess({ passed, note, rule }: CheckOutcome): string {
  if (note !== undefined) return ACCESS_NOTES[note] ?? note;
  if (rule) return passed ? 'allowed by a rule' : 'denied by a rule';
  return passed ? 'no rule denies it' : 'denied';
}

function describeRate({ passed, limit, perMs = 0, retryMs = 0 }: CheckOutcome): string {
  const rate = `${limit} in ${formatDurationMs(perMs)}`;
  if (passed) return `within ${rate}`;
  return limit === 0
    ? 'a rate of 0 lets nobody in'
    : `more than ${rate}, again in ${formatDurationMs(retryMs)}`;
}

function describeCount({ count, limit, note }: CheckOutcome): string {
  const extra = note === undefined ? '' : ` (${note.replaceAll('_', ' ')})`;
  return `${count} of ${limit} running${extra}`;
}

const DESCRIBE: Readonly<Record<CheckName, (outcome: CheckOutcome) => string>> = {
  enabled: ({ passed }) => (passed ? 'enabled' : 'an operator has disabled the service'),
  ban: ({ passed, note, retryMs }) => (passed ? 'not banned' : `banned because of ${note}${left(retryMs)}`),
  access: describeAccess,
  hosts_access: ({ passed, rule }) => {
    if (!rule) return 'no rule matches';
    return passed ? 'granted by a rule' : 'refused by a rule';
  },
  sensor: ({ retryMs = 0 }) => `nobody has any business here (deny_time: ${formatDurationMs(retryMs)})`,
  access_times: ({ passed, retryMs }) => (passed ? 'open' : `closed${left(retryMs)}`),
  max_load: ({ count, limit }) => `load ${count?.toFixed(2)}, limit ${limit}`,
  rate_per_source: describeRate,
  per_source: describeCount,
  cps: describeRate,
  instances: describeCount,
  max_processes: describeCount,
  id_only: ({ passed, note }) => (passed ? 'its host says who it is' : `nobody says who it is: ${note}`),
  decide: ({ passed, note }) => `${passed ? 'allowed' : 'refused'}${note === undefined ? '' : `: ${note}`}`,
  certificate: ({ passed, note }) => {
    if (passed) return 'its certificate is one of "clients"';
    if (note === 'none') return 'it shows no certificate';
    return `its certificate is none of "clients"${note === undefined ? '' : `: ${note}`}`;
  },
};

/** What a check saw, as a sentence's worth of text; not escaped. */
export function describeOutcome(outcome: CheckOutcome): string {
  return DESCRIBE[outcome.check](outcome);
}
