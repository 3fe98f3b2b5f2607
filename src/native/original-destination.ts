import type { Endpoint } from '../model/address.ts';
import type { Binding } from './binding.ts';
import type { Descriptor } from './descriptor.ts';
import { decodeEndpoint, ENDPOINT_BYTES } from './endpoint-codec.ts';

const AF_INET = 2;
const AF_INET6 = 10;

/** Where a connection of `family` was sent to before a translation of addresses; undefined where the kernel tracks none. */
export function originalDestination(
  binding: Binding,
  { descriptor, family }: { readonly descriptor: Descriptor; readonly family: 4 | 6 },
): Endpoint | undefined {
  const bytes = new Uint8Array(ENDPOINT_BYTES);
  const result = binding.originalDestination(descriptor.fd, family === 4 ? AF_INET : AF_INET6, bytes);
  return result < 0 ? undefined : decodeEndpoint(bytes);
}
