import type { MapEntry, MapNode } from '../../config/syntax-node.ts';
import type { PeerRule } from '../peer-rule.ts';
import { mapNode } from '../tree.ts';
import { accessEntries } from './access-entries.ts';
import type { ChainContext } from './chain-context.ts';
import { handlerEntries } from './handler-entries.ts';
import { identityEntries } from './identity-entries.ts';
import { listenEntry } from './listen-entry.ts';
import type { ServerCall } from './server-call.ts';
import { tlsEntry } from './tls-entry.ts';

const BY_NAME = new Set<PeerRule['peer']['kind']>(['host', 'domain', 'named']);

/** A server that looks no names up matches no rule by name. */
function withoutNames(rules: readonly PeerRule[], { report }: ChainContext): readonly PeerRule[] {
  const [first] = rules.filter(({ peer }) => BY_NAME.has(peer.kind));
  if (!first) return rules;
  const message = 'Left out the rules by name, as the server does: it is told not to look names up';
  report.add({ code: 'tcprules/never-matches', at: first.place, message });
  return rules.filter(({ peer }) => !BY_NAME.has(peer.kind));
}

function rulesEntries(call: ServerCall, context: ChainContext): readonly (MapEntry | undefined)[] {
  const { rules, confirmsNames, knowsNames, server } = call;
  if (rules === 'none') return [];
  const asked = knowsNames ? rules.rules : withoutNames(rules.rules, context);
  return accessEntries(asked, {
    lookUp: { ...rules.lookUp, confirmsNames },
    report: context.report,
    at: server.place,
  });
}

/** A server with all that leads to it as a service in our words. */
export function convertCall(call: ServerCall, context: ChainContext): MapNode {
  const rows = [
    listenEntry(call),
    ...identityEntries(call, context),
    ...handlerEntries(call, context),
    tlsEntry(call, context),
    ...rulesEntries(call, context),
    ...call.entries,
  ];
  return mapNode(rows, call.server.place);
}
