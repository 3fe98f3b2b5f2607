import type { Ticket } from '../supervise/ledger.ts';
import type { Floor } from './floor.ts';
import type { Guest } from './guest.ts';
import type { Admission } from './receive.ts';
import { rulesOf } from './rules.ts';

/** A place for one who was admitted: counters move before the launch, and back exactly once. */
export function reserve(
  floor: Floor,
  { connection, source }: Guest,
  { trace }: Admission,
): { readonly ticket: Ticket; readonly severity: string | undefined } {
  const { service: prepared } = rulesOf(floor.rules, connection.service);
  const nowMs = floor.world.nowMs();
  const ticket = floor.counters.admit({ service: connection.service, source }, { prepared, nowMs });
  floor.alarm.note(floor.counters.untracked, nowMs);
  const severity = trace.find((outcome) => outcome.severity !== undefined)?.severity;
  return { ticket, severity };
}
