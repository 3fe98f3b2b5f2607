import type { DaemonEvent, ZinetdEvent } from '../events/event.ts';

/** What happens to a connection, of which the records of its service tell. */
export type ConnectionRecord = Exclude<ZinetdEvent, DaemonEvent>;

const TYPES: Readonly<Record<ConnectionRecord['type'], true>> = {
  ...{ started: true, refused: true, 'refused-more': true, failed: true, exited: true },
  ...{ identified: true, unidentified: true, stderr: true, 'stderr-dropped': true },
};

export function isConnectionRecord(event: ZinetdEvent): event is ConnectionRecord {
  return Object.hasOwn(TYPES, event.type);
}
