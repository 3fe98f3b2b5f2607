import type { CheckName } from '../model/check-name.ts';

/** Why a listener is not polled; it is polled again when the last reason is gone. */
export type PauseReason = 'descriptors' | 'launches' | 'launches-of-one' | 'suspended' | `queue:${CheckName}`;
