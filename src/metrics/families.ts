import { DAEMON_FAMILIES } from './daemon-families.ts';
import type { Family } from './family.ts';
import { SERVICE_FAMILIES } from './service-families.ts';

/** Every metric, in the order of the exposition. docs/reference/metrics.md has a row for each. */
export const FAMILIES: readonly Family[] = [...DAEMON_FAMILIES, ...SERVICE_FAMILIES];
