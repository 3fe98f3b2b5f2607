import type { Endpoint } from '../model/address.ts';
import type { Binding } from './binding.ts';
import type { Descriptor } from './descriptor.ts';
import { decodeEndpoint, ENDPOINT_BYTES } from './endpoint-codec.ts';
import { checked } from './errno.ts';

/** getsockname(2): our end of a socket. Throws SyscallError. */
export function localEndpoint(binding: Binding, descriptor: Descriptor): Endpoint {
  const bytes = new Uint8Array(ENDPOINT_BYTES);
  const result = binding.localEndpoint(descriptor.fd, bytes);
  checked(result, { call: 'read the address of', subject: 'a socket' });
  return decodeEndpoint(bytes);
}
