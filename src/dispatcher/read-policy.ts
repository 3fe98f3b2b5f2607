import { fstatSync, readSync } from 'node:fs';
import { unpack } from '../compile/pack.ts';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';

/**
 * The policy from the compiler's memfd, which is closed. Read from its start: the description is shared with
 * the spawner, and an earlier dispatcher may have read it.
 */
export function readPolicy(descriptor: Descriptor): Policy {
  const bytes = new Uint8Array(fstatSync(descriptor.fd).size);
  for (let read = 0; read < bytes.length; ) {
    read += readSync(descriptor.fd, bytes, { offset: read, position: read });
  }
  descriptor.close();
  return unpack(bytes) as Policy;
}
