import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { readPacked } from './read-packed.ts';

/** The policy from the compiler's memfd, which is closed. */
export function readPolicy(descriptor: Descriptor): Policy {
  return readPacked(descriptor) as Policy;
}
