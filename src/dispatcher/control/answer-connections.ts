import type { Call } from '../../control/call.ts';
import type { ConnectionStatus } from '../../control/messages.ts';
import { formatAddress, formatEndpoint } from '../../model/address.ts';
import type { Connection } from '../../model/connection.ts';
import { isNobody } from '../../model/nobody.ts';
import { type Floor, policyOf } from '../floor.ts';
import type { ControlParts } from './control-parts.ts';
import { findService } from './find-service.ts';

const MOST_LISTED = 1000;
/** As the log has it of a service that waits. */
const NO_ADDRESS = '<no address>';
/** Whose address the log of the service leaves out. */
const HIDDEN = '-';

type Listed = Pick<ConnectionStatus, 'pid' | 'state'> & {
  readonly connection: Connection;
  readonly sinceMs: number;
};

function* listed({ children, lives, world }: Floor): Generator<Listed, void, undefined> {
  const nowMs = world.nowMs();
  for (const { connection, handler, isWorker } of children.handlers)
    if (!isWorker) yield { connection, sinceMs: handler.sinceMs, pid: handler.pid, state: 'running' };
  for (const { id, service, peer, via, sinceMs, pid } of lives.own)
    yield { connection: { id, service, peer, via }, sinceMs, pid, state: 'running' };
  for (const { connection, isWorker } of children.awaited)
    if (!isWorker) yield { connection, sinceMs: nowMs, state: 'starting' };
}

/** Everybody who is being served, the oldest first. */
export function answerConnections({ floor: current, world }: ControlParts, call: Call<'connections'>): void {
  const floor = current();
  const { service: name } = call.params;
  const wanted =
    name === undefined ? undefined : findService(floor, { name, action: 'list the connections of', call });
  if (name !== undefined && wanted === undefined) return;
  const nowMs = world.nowMs();
  const describe = ({ connection, sinceMs, ...rest }: Listed): ConnectionStatus => {
    const { id, service: number, peer, via: proxy } = connection;
    const service = policyOf(floor, number).name;
    const view = world.log.viewOf(service);
    const shown = view.isOpen ? formatEndpoint(peer) : (view.address(peer.bytes) ?? HIDDEN);
    const from = isNobody(peer) ? NO_ADDRESS : shown;
    const via = proxy && formatAddress(proxy.bytes);
    return { id, service, from, via, forMs: Math.max(0, Math.round(nowMs - sinceMs)), ...rest };
  };
  const all = [...listed(floor)].filter(
    ({ connection }) => wanted === undefined || connection.service === wanted,
  );
  const oldest = all.toSorted((one, other) => one.sinceMs - other.sinceMs).slice(0, MOST_LISTED);
  call.result({ connections: oldest.map(describe), more: all.length - oldest.length });
}
