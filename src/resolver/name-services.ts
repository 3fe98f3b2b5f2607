import { lookup, lookupService } from 'node:dns/promises';
import type { NameServices } from './lookup.ts';

/** Through the C library, so that /etc/hosts and nsswitch.conf(5) count as everybody expects. */
export const nameServices: NameServices = {
  nameOf: async (address) => (await lookupService(address, 0)).hostname,
  addressesOf: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
};
