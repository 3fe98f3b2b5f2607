import type { ZinetdEvent } from '../events/event.ts';

/** winston's table of levels: smaller is more urgent. */
export const LEVELS = { error: 0, warning: 1, info: 2 } as const;

export type Level = keyof typeof LEVELS;

/** How urgent each event is for the one who reads the log. */
export const EVENT_LEVELS: Readonly<Record<ZinetdEvent['type'], Level>> = {
  started: 'info',
  refused: 'warning',
  'refused-more': 'warning',
  failed: 'error',
  exited: 'info',
  answered: 'info',
  identified: 'info',
  unidentified: 'info',
  stderr: 'info',
  'stderr-dropped': 'warning',
  listening: 'info',
  closed: 'info',
  'listen-failed': 'error',
  ready: 'info',
  'program-replaced': 'warning',
  'dispatcher-restarted': 'error',
  'dispatcher-crashed': 'error',
  'resolver-restarted': 'error',
  paused: 'warning',
  resumed: 'info',
  fruitless: 'warning',
  'datagrams-dropped': 'warning',
  suspended: 'warning',
  banned: 'warning',
  'bans-full': 'warning',
  'sources-full': 'warning',
  'decider-failed': 'error',
  'worker-started': 'info',
  'worker-exited': 'info',
  'worker-failed': 'error',
  'bans-restored': 'info',
  'bans-left-out': 'warning',
  'state-damaged': 'error',
  'state-failed': 'error',
  'state-saved': 'info',
  disabled: 'warning',
  enabled: 'info',
  'rpc-registered': 'info',
  'rpc-failed': 'error',
  'sandbox-lacks': 'warning',
  'request-refused': 'error',
  reloaded: 'info',
  'reload-failed': 'error',
  upgrading: 'info',
  upgraded: 'info',
  'upgrade-failed': 'error',
  diagnostic: 'error',
  'log-failed': 'error',
  'log-resumed': 'info',
  'log-ended': 'warning',
  'log-limit': 'warning',
  controlled: 'info',
  'control-refused': 'warning',
  'watch-failed': 'warning',
  state: 'info',
  'service-state': 'info',
  stopping: 'info',
  stopped: 'info',
  'spawner-gone': 'error',
  'records-lost': 'warning',
};

/** syslog's levels on ours: the `severity` of a rule of hosts_access(5). */
const SEVERITY_LEVELS: Readonly<Record<string, Level>> = {
  emerg: 'error',
  alert: 'error',
  crit: 'error',
  err: 'error',
  warning: 'warning',
  notice: 'info',
  info: 'info',
  debug: 'info',
};

function severityOf(event: ZinetdEvent): string | undefined {
  if (event.type === 'started') return event.severity;
  return event.type === 'refused' ? event.verdict.trace.at(-1)?.severity : undefined;
}

/** It was not told to go, or told so for what it did. */
function isUnwanted({ end, exit }: Extract<ZinetdEvent, { type: 'worker-exited' }>): boolean {
  return end === 'protocol' || (end === undefined && exit.status !== 0);
}

/** The level of one record: what the rule that decided wants, else that of its kind. */
export function levelOf(event: ZinetdEvent): Level {
  if ((event.type === 'ready' || event.type === 'reloaded') && event.errors > 0) return 'warning';
  if (event.type === 'worker-exited' && isUnwanted(event)) return 'warning';
  if (event.type === 'diagnostic') return event.finding.severity;
  const severity = severityOf(event);
  return (severity === undefined ? undefined : SEVERITY_LEVELS[severity]) ?? EVENT_LEVELS[event.type];
}
