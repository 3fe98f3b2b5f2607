import { BUILTIN_ROWS } from '../builtins/builtin-rows.ts';
import { loopSignOf } from '../builtins/loop-guard.ts';
import { AnswerListener, type Datagram } from '../listeners/answer-listener.ts';
import type { LiveListener } from '../listeners/live-listener.ts';
import { policyOf } from './floor.ts';
import type { Guest } from './guest.ts';
import type { ListenerParts, Opening } from './opening.ts';
import { type Admission, guestOf, receive } from './receive.ts';
import { reserve } from './reserve.ts';

/** An answer to one who was admitted; it is over before anybody else has a turn. */
function answer(
  { floor: current, losses }: ListenerParts,
  datagram: Datagram,
  { guest, admission }: { readonly guest: Guest; readonly admission: Admission },
): void {
  const floor = current();
  const { service, peer } = guest.connection;
  const { name, builtin } = policyOf(floor, service);
  if (!builtin || builtin.kind === 'tcpmux') return;
  const { ticket, severity } = reserve(floor, guest, admission);
  ticket.spend();
  floor.pacer.look(service);
  if (!floor.answers.take(guest.source, floor.world.nowMs())) {
    losses.add(service, 1);
    return;
  }
  const reply = BUILTIN_ROWS[builtin.kind].answer?.(datagram.bytes, { builtin, world: floor.world });
  if (reply) datagram.reply(reply);
  const unknown = { userUs: undefined, systemUs: undefined, maxRssKb: undefined };
  const exit = { status: undefined, signal: undefined, durationMs: 0, ...unknown };
  floor.bus.emit({ type: 'started', service: name, peer, pid: undefined, severity });
  floor.bus.emit({ type: 'exited', service: name, peer, pid: undefined, exit, end: 'done' });
}

/** Guard, facts, decision, answer. What has no answer is gone: it was read. */
function take(parts: ListenerParts, datagram: Datagram, service: number): void {
  const floor = parts.floor();
  const { peer, local } = datagram;
  if (loopSignOf(peer, { local, ownPorts: floor.answers.ports })) {
    parts.losses.add(service, 1);
    return;
  }
  const connection = { id: parts.nextId(), service, peer, isClaimed: true };
  const guest = guestOf(floor, { connection, local, descriptor: undefined });
  // Whoever decides may need longer than the bytes are there.
  let kept = datagram;
  const isDecided = receive(floor, guest, {
    admitted: (informed, admission) => answer(parts, kept, { guest: informed, admission }),
    refused: (informed, refusal) => floor.refusals.refuse(floor.rules, { guest: informed, refusal }),
  });
  if (!isDecided) kept = { ...datagram, bytes: Uint8Array.from(datagram.bytes) };
}

/** A listener whose datagrams zinetd answers itself. */
export function openAnswers({ descriptor, row, service }: Opening, parts: ListenerParts): LiveListener {
  const { binding, poller, gate, floor } = parts;
  const name = (): string => policyOf(floor(), service).name;
  const listener: AnswerListener = new AnswerListener({
    ...{ binding, poller, descriptor, service, row },
    handlers: {
      onDatagram: (datagram) => {
        gate.recovered(listener, name());
        take(parts, datagram, service);
      },
      onStarved: (code) => gate.starved(listener, { service: name(), code }),
      onClosed: () => closed(),
    },
  });
  const closed = floor().answers.open(listener.local().port);
  return listener;
}
