import type { ReloadPlan } from '../control/messages.ts';
import { countOf } from '../model/count-of.ts';
import { printable } from './printable.ts';

const ACTION_COLUMNS = 8;

interface Tense {
  /** Whether it has happened, or would. */
  readonly isDone: boolean;
}

function serviceLines({ services }: ReloadPlan): readonly string[] {
  const rows = [
    ['added', services.added],
    ['removed', services.removed],
    ['changed', services.changed],
  ] as const;
  return rows
    .filter(([, names]) => names.length > 0)
    .map(([word, names]) => `  ${word.padEnd(ACTION_COLUMNS)}${names.join(', ')}`);
}

/** Those that stay as they are say nothing. */
function listenerLines({ listeners }: ReloadPlan): readonly string[] {
  return listeners
    .filter(({ action }) => action !== 'keep')
    .map(({ action, service, at }) => `  ${action.padEnd(ACTION_COLUMNS)}${at} of ${service}`);
}

/** What a reload did, or would do, for people to read. */
export function renderPlan(plan: ReloadPlan, { isDone }: Tense): string {
  const kept = plan.listeners.filter(({ action }) => action === 'keep').length;
  const changes = [...serviceLines(plan), ...listenerLines(plan)];
  const none = isDone ? 'Reloaded: nothing was to change' : 'Nothing would change';
  const some = isDone ? 'Reloaded:' : 'Would change:';
  const rest = `  as before: ${countOf(plan.services.unchanged, 'service')}, ${countOf(kept, 'listener')}`;
  return [changes.length === 0 ? none : some, ...changes, rest]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
