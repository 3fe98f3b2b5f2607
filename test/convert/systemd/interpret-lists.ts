import { parseAddress } from '../../../src/model/address.ts';

function bitsOf(address: string): string {
  const bytes = parseAddress(address);
  if (!bytes) throw new Error(`Cannot read ${address}`);
  return `${bytes.length}:${Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')}`;
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  any: ['0.0.0.0/0', '::/0'],
  localhost: ['127.0.0.0/8', '::1/128'],
};

/** How long the longest of the prefixes is that an address is in; -1 for none. */
function longest(prefixes: readonly string[], address: string): number {
  const bits = bitsOf(address);
  const lengths = prefixes
    .flatMap((prefix) => NAMES[prefix] ?? [prefix])
    .flatMap((prefix) => {
      const [base = '', length = ''] = prefix.split('/');
      const all = bitsOf(base);
      const head = all.slice(0, all.indexOf(':') + 1 + Number(length));
      return bits.startsWith(head) ? [Number(length)] : [];
    });
  return Math.max(-1, ...lengths);
}

/** systemd.resource-control(5): who matches the list of the allowed is, else who matches that of the denied is not. */
export function systemdServes(
  { allow, deny }: { readonly allow: readonly string[]; readonly deny: readonly string[] },
  address: string,
): boolean {
  return longest(allow, address) >= 0 || longest(deny, address) < 0;
}

/** docs/reference/configuration.md: the more specific entry counts, and a tie denies. */
export function zinetdServes(service: Readonly<Record<string, unknown>>, address: string): boolean {
  const { only_from: only, no_access: no = [] } = service as Record<string, readonly string[] | undefined>;
  const allowed = only ? longest(only, address) : -0.5;
  return allowed >= -0.5 && allowed > longest(no, address);
}
