import type { LiveListener } from '../listeners/live-listener.ts';
import { isDatagram, type ListenScheme } from '../model/listen-address.ts';
import type { ServicePolicy } from '../model/policy.ts';
import { configuredListener } from './configured-listener.ts';
import { policyOf } from './floor.ts';
import { openAnswers } from './open-answers.ts';
import { openDesk } from './open-desk.ts';
import { openPeers } from './open-peers.ts';
import { openStream } from './open-stream.ts';
import { openWait } from './open-wait.ts';
import type { ListenerParts, Opening } from './opening.ts';

/**
 * `stream`: connections are accepted here. `wait`: handlers get the listener itself. `peer`: a handler for each
 * sender of datagrams. `answer`: zinetd answers datagrams itself.
 */
export type ListenerKind = 'stream' | 'wait' | 'peer' | 'answer';

type Opener = (opening: Opening, parts: ListenerParts) => LiveListener;

const OPENERS: Readonly<Record<ListenerKind, Opener>> = {
  stream: openStream,
  wait: openWait,
  peer: openPeers,
  answer: openAnswers,
};

function kindOf({ isWaiting, builtin }: ServicePolicy, scheme: ListenScheme): ListenerKind {
  if (isWaiting) return 'wait';
  if (!isDatagram(scheme)) return 'stream';
  return builtin ? 'answer' : 'peer';
}

/** The listener of a row, of its kind; not polled yet. Takes the descriptor. */
export function openListener(
  { descriptor, row }: Pick<Opening, 'descriptor' | 'row'>,
  parts: ListenerParts,
): LiveListener {
  const floor = parts.floor();
  const { service, configured } = configuredListener(floor.rules, row);
  const policy = policyOf(floor, service);
  const opening = { descriptor, row, service, scheme: configured.scheme };
  if (policy.desk) return openDesk({ ...opening, desk: policy.desk }, parts);
  return OPENERS[kindOf(policy, configured.scheme)](opening, parts);
}
