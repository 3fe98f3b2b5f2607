import { parseAddress } from '../model/address.ts';
import { type HostName, looksLikeAddress, parseHostName } from '../model/host-name.ts';

/** The C library's name services. Both reject with an error that has a symbolic `code`. */
export interface NameServices {
  /** getnameinfo(3) */
  nameOf(address: string): Promise<string>;
  /** getaddrinfo(3): all addresses. */
  addressesOf(name: string): Promise<readonly string[]>;
}

/** There is nothing of that name; EINVAL is what Node says to a label such as `xn--`. */
const NOT_THERE: readonly unknown[] = ['ENOTFOUND', 'EINVAL'];

type Found<T> = { readonly value: T } | { readonly code: unknown };

async function found<T>(answer: Promise<T>): Promise<Found<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    return { code: error instanceof Error && 'code' in error ? error.code : undefined };
  }
}

function isSameAddress(text: string, bytes: Uint8Array): boolean {
  const other = parseAddress(text);
  return other?.length === bytes.length && other.every((byte, index) => byte === bytes[index]);
}

/**
 * The name of an address. Whoever has the address writes its name as he likes, so that only one whose own
 * addresses hold the very address is known (S42).
 */
export async function lookUpName(address: string, services: NameServices): Promise<HostName> {
  const bytes = parseAddress(address);
  if (!bytes) return { kind: 'unknown', why: 'invalid' };
  const given = await found(services.nameOf(address));
  if ('code' in given) return { kind: 'unknown', why: NOT_THERE.includes(given.code) ? 'none' : 'failed' };
  const name = parseHostName(given.value);
  if (name === undefined) return { kind: 'unknown', why: 'invalid' };
  if (looksLikeAddress(name)) return { kind: 'paranoid', name };
  const addresses = await found(services.addressesOf(name));
  if ('code' in addresses) {
    return NOT_THERE.includes(addresses.code)
      ? { kind: 'paranoid', name }
      : { kind: 'unknown', why: 'failed' };
  }
  return { kind: addresses.value.some((it) => isSameAddress(it, bytes)) ? 'known' : 'paranoid', name };
}
