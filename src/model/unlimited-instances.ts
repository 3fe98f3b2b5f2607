/**
 * `instances: UNLIMITED` as a number: the largest that the launch table can hold, and a finite one, since
 * the policy travels as JSON.
 */
export const UNLIMITED_INSTANCES = 0xffff_ffff;
