import { fstatSync, readSync } from 'node:fs';
import { unpackParts } from '../compile/pack.ts';
import type { Descriptor } from '../native/descriptor.ts';

/**
 * What the compiler has left in a memfd, which is closed, part by part; nothing: it left nothing. Read from its start:
 * the description is shared with the spawner, and an earlier dispatcher may have read it.
 */
export function* readPacked(descriptor: Descriptor): Generator<unknown> {
  const bytes = new Uint8Array(fstatSync(descriptor.fd).size);
  for (let read = 0; read < bytes.length; ) {
    read += readSync(descriptor.fd, bytes, { offset: read, position: read });
  }
  descriptor.close();
  if (bytes.length > 0) yield* unpackParts(bytes);
}
