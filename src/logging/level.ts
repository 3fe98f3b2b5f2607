import type { ZinetdEvent } from '../events/event.ts';

/** winston's table of levels: smaller is more urgent. */
export const LEVELS = { error: 0, warning: 1, info: 2 } as const;

export type Level = keyof typeof LEVELS;

/** How urgent each event is for the one who reads the log. */
export const EVENT_LEVELS: Readonly<Record<ZinetdEvent['type'], Level>> = {
  started: 'info',
  refused: 'warning',
  failed: 'error',
  exited: 'info',
  listening: 'info',
  'listen-failed': 'error',
  ready: 'info',
  'program-replaced': 'warning',
  'dispatcher-restarted': 'error',
  paused: 'warning',
  resumed: 'info',
  'sandbox-lacks': 'warning',
  'request-refused': 'error',
  'reload-unsupported': 'warning',
  stopping: 'info',
  stopped: 'info',
  'spawner-gone': 'error',
  'records-lost': 'warning',
};
