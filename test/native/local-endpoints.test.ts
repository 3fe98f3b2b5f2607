import { expect, test } from 'vitest';
import { type Endpoint, parseAddress } from '../../src/model/address.ts';
import { viewOf } from '../../src/model/view-of.ts';
import type { Binding } from '../../src/native/binding.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { writeEndpoint } from '../../src/native/endpoint-codec.ts';
import { LocalEndpoints } from '../../src/native/local-endpoints.ts';

function endpoint(address: string, port: number): Endpoint {
  const bytes = parseAddress(address) ?? new Uint8Array(4);
  return { family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId: 0 };
}

test('our end of a connection is that of this very connection, and the same record for as long as it is the same', () => {
  const [one, other, six] = [
    endpoint('192.0.2.1', 79),
    endpoint('192.0.2.2', 79),
    endpoint('2001:db8::1', 79),
  ];
  const ends = [one, one, other, one, six, six];
  const localEndpoint: Binding['localEndpoint'] = (_, bytes) => {
    bytes.fill(0);
    writeEndpoint(ends.shift() ?? one, viewOf(bytes), 0);
    return 0;
  };
  const binding = { localEndpoint } as Binding;
  const locals = new LocalEndpoints(binding);
  const found = Array.from({ length: 6 }, () => locals.of(new Descriptor(binding, 9)));
  expect(found).toEqual([one, one, other, one, six, six]);
  expect(found[1]).toBe(found[0]);
  expect(found[5]).toBe(found[4]);
});

test('a socket whose end cannot be read has the reason instead', () => {
  const binding = { localEndpoint: () => -107 } as unknown as Binding;
  expect(new LocalEndpoints(binding).of(new Descriptor(binding, 9))).toBe('ENOTCONN');
});
