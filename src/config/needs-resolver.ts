import { asksIdent } from '../model/asks-ident.ts';
import type { Service } from '../model/service.ts';

/** RFC 1413: whether the hosts of its clients are asked who they are. */
function asksClients({ rules, log }: Service): boolean {
  return rules.isIdOnly || asksIdent(log);
}

function decidesByNames({ access, rules }: Service): boolean {
  const lists = [access?.onlyFrom, access?.noAccess];
  return rules.hosts !== undefined || lists.some((list) => list?.names.length);
}

/** Whether somebody has to be asked or told for a service that the dispatcher cannot reach. */
export function needsResolver(service: Service): boolean {
  const { rules, rpc, builtin } = service;
  const asksSocket = rules.decide !== undefined && 'socket' in rules.decide.asks;
  const findsOwners = builtin?.kind === 'ident' && builtin.ident.isReal;
  return decidesByNames(service) || asksSocket || rpc !== undefined || findsOwners || asksClients(service);
}
