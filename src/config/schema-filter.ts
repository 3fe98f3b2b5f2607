import { z } from 'zod';
import { ADDRESS_FAMILIES, isAddressFamily } from '../model/address-family.ts';
import { NAMESPACE_NAMES } from '../model/namespace.ts';
import { faultOfDenial, parseCallEntry } from './call-entry.ts';
import type { AttributeName } from './document.ts';
import { didYouMean } from './nearest.ts';
import { checkedText } from './schema-parts.ts';

const MOST_ENTRIES = 500;

const systemCall: z.ZodType = checkedText(
  (text) => {
    const entry = parseCallEntry(text);
    return 'reason' in entry ? entry : undefined;
  },
  z.string().meta({ pattern: '^~?@?[a-z0-9_-]+(:[A-Za-z0-9]+)?$', examples: ['@system-service', '~ptrace'] }),
);

const FAMILIES_FORM = 'must be "none", or a list of address families, all of them with "~" or none';

const addressFamily: z.ZodType = checkedText(
  (text) => {
    const name = text.replace(/^~/, '');
    if (isAddressFamily(name)) return undefined;
    return { reason: 'no such address family', help: didYouMean(name, Object.keys(ADDRESS_FAMILIES)) };
  },
  z.string().meta({ pattern: '^~?AF_[A-Za-z0-9]+$', examples: ['AF_INET', '~AF_PACKET'] }),
);

const addressFamilies: z.ZodType = z
  .array(addressFamily)
  .min(1, { error: 'must name at least one; write "none" for no family at all' })
  .max(MOST_ENTRIES)
  .refine((list) => new Set(list.map((name) => String(name).startsWith('~'))).size <= 1, {
    error: FAMILIES_FORM,
  });

type FilterName = Extract<
  AttributeName,
  | ('system_calls' | 'system_call_error' | 'restrict_address_families' | 'restrict_namespaces')
  | ('restrict_suid_sgid' | 'restrict_realtime' | 'lock_personality' | 'memory_deny_write_execute')
>;

/** Which system calls a handler may make, in the words of systemd.exec(5). */
export const FILTER_SHAPE: Readonly<Record<FilterName, z.ZodType>> = {
  system_calls: z
    .array(systemCall)
    .min(1, { error: 'must name at least one; "@default" is what every program needs' })
    .max(MOST_ENTRIES)
    .describe(
      'System calls that the handler may make, by name or group; with "~" first, those that it may not. Default: all.',
    ),
  system_call_error: checkedText(faultOfDenial)
    .meta({ pattern: '^(kill|E[A-Z0-9]+)$', examples: ['EPERM', 'kill'] })
    .describe('What a call of "system_calls" that is denied ends with: an error, or kill. Default: EPERM.'),
  restrict_address_families: z
    .union([z.literal('none'), addressFamilies], { error: FAMILIES_FORM })
    .describe('Families of the sockets that it can make; with "~", of those that it cannot. Default: all.'),
  restrict_namespaces: z
    .union([
      z.boolean(),
      z
        .array(z.enum(NAMESPACE_NAMES))
        .min(1, { error: 'must name at least one; write true for no namespace at all' }),
    ])
    .describe(
      'Whether it is kept from making and entering namespaces, or the list of those that it may. Default: false.',
    ),
  restrict_suid_sgid: z
    .boolean()
    .describe('Whether it is kept from making files setuid or setgid. Default: false.'),
  restrict_realtime: z.boolean().describe('Whether it is kept from realtime scheduling. Default: false.'),
  lock_personality: z
    .boolean()
    .describe('Whether it is kept from changing its personality(2). Default: false.'),
  memory_deny_write_execute: z
    .boolean()
    .describe('Whether it is kept from executing what it wrote to memory, as a JIT does. Default: false.'),
};
