import type { Call } from '../../control/call.ts';
import { quoteText } from '../../model/escape.ts';
import type { Floor } from '../floor.ts';
import type { ControlParts } from './control-parts.ts';
import { disableService } from './disable-service.ts';
import { placesOf } from './places-of.ts';

const LOOK_MS = 50;

interface Drain {
  readonly call: Call<'drain'>;
  readonly service: number;
  readonly name: string;
  /** Of the monotonic clock; Infinity: never. */
  readonly endsAtMs: number;
  readonly begun: number;
  readonly letGo: () => void;
}

/** Handlers get TERM, and KILL after the grace of the service; what zinetd serves itself is closed. How many that were. */
function endAll({ children, lives }: Floor, service: number): number {
  const own = [...lives.own].filter((life) => life.service === service).map(({ id }) => id);
  const handlers = [...children.handlers, ...children.awaited]
    .filter(({ connection, isWorker }) => connection.service === service && !isWorker)
    .map(({ connection }) => connection.id);
  return [...own, ...handlers].filter((id) => lives.end(id, { why: 'killed' })).length;
}

/** Looks again and again, since what holds a place ends in many ways. */
function watch(
  parts: ControlParts,
  drain: Drain,
  now: { readonly told: number; readonly killed: number },
): void {
  const floor = parts.floor();
  const { call, service, name, endsAtMs, begun, letGo } = drain;
  const running = placesOf(floor, service);
  if (floor.switches.isOn(name)) {
    letGo();
    call.error('failed', `Cannot drain ${quoteText(name)}: it was enabled meanwhile`);
  } else if (running === 0) {
    letGo();
    call.result({ ended: Math.max(0, begun - now.killed), killed: now.killed });
  } else {
    if (running !== now.told) call.item({ running });
    const isDue = now.killed === 0 && parts.world.nowMs() >= endsAtMs;
    const killed = isDue ? endAll(floor, service) : now.killed;
    parts.world.after(LOOK_MS, () => watch(parts, drain, { told: running, killed }));
  }
}

/** Disables a service and waits until nobody is served any more. It goes on if whoever asked for it leaves. */
export function answerDrain(parts: ControlParts, call: Call<'drain'>): void {
  const { service: name, deadlineMs = Number.POSITIVE_INFINITY } = call.params;
  disableService(parts, { name, action: 'drain', call }, ({ service }) => {
    const floor = parts.floor();
    const endsAtMs = parts.world.nowMs() + deadlineMs;
    const letGo = floor.switches.drain(name);
    const begun = placesOf(floor, service);
    watch(parts, { call, service, name, endsAtMs, begun, letGo }, { told: -1, killed: 0 });
  });
}
