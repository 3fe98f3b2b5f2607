import { fstatSync, readSync } from 'node:fs';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';

/**
 * The policy from the compiler's memfd, which is closed. Read from its start: the description is shared with
 * the spawner, and an earlier dispatcher may have read it.
 */
export function readPolicy(descriptor: Descriptor): Policy {
  const bytes = new Uint8Array(fstatSync(descriptor.fd).size);
  readSync(descriptor.fd, bytes, { position: 0 });
  descriptor.close();
  return JSON.parse(new TextDecoder().decode(bytes)) as Policy;
}
