import type { CheckName } from './check-name.ts';

/** Why a listener is not polled; it is polled again when the last reason is gone. */
export type PauseReason =
  | 'descriptors'
  | 'launches'
  | 'launches-of-one'
  | 'suspended'
  /** The workers of its pool have as many as they may have. */
  | 'workers'
  | `queue:${CheckName}`
  /** A handler has it. */
  | 'busy'
  /** Somebody is asked whether whoever came may be served. */
  | 'asking'
  /** Its handlers leave it as it was. */
  | 'fruitless'
  /** Another socket is being opened, while this one becomes its peer's. */
  | 'opening';
