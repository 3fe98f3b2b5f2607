import type { Policy, ServicePolicy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { readPacked } from './read-packed.ts';

/** The policy from the compiler's memfd, which is closed; in steps of one service. */
export function* readPolicy(descriptor: Descriptor): Generator<void, Policy> {
  const parts: unknown[] = [];
  for (const part of readPacked(descriptor)) {
    parts.push(part);
    yield;
  }
  const [rest, ...services] = parts;
  return { ...(rest as Omit<Policy, 'services'>), services: services as readonly ServicePolicy[] };
}
