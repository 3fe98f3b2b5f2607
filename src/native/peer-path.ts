import type { Binding } from './binding.ts';
import type { Descriptor } from './descriptor.ts';

const MOST_PATH_BYTES = 108;

/** The path that the other end of a unix socket is bound to, a character for each byte; undefined: it has none. */
export function peerPath(binding: Binding, descriptor: Descriptor): string | undefined {
  const bytes = Buffer.alloc(MOST_PATH_BYTES);
  const length = binding.peerPath(descriptor.fd, bytes);
  return length > 0 ? bytes.toString('latin1', 0, length) : undefined;
}
