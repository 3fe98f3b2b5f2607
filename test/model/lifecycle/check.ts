import { expect } from 'vitest';
import type { ServiceStatus } from '../../../src/control/messages.ts';
import type { ZinetdEvent } from '../../../src/events/event.ts';
import { isFailureReason } from '../../harness/summed-records.ts';
import type { Model, ServiceModel } from './model.ts';
import type { Scene } from './scene.ts';
import { whoOf } from './spawner.ts';

/** Whatever a limit or a fault holds is let go by then. */
const LONG_MS = 10_000;

/** Of one service, what both have to say. */
interface Picture {
  readonly state: string;
  readonly running: number;
  readonly starting: number;
  readonly counts: { readonly refusedFor: Readonly<Record<string, number>> };
  readonly pauses: readonly string[];
}

function seen({ state, running, starting, counts, listeners }: ServiceStatus): Picture {
  const pauses = listeners.flatMap((listener) => listener.pauses).toSorted();
  return { state, running, starting, counts, pauses };
}

function expected(service: ServiceModel, now: number): Picture {
  const { running, launching, counts, refusedFor } = service;
  const figures = { running: running.length, starting: launching.length };
  const pauses = service.pauses(now).toSorted();
  return { state: service.state(now), ...figures, counts: { ...counts, refusedFor }, pauses };
}

function isConserved({ accepted, counts, places }: ServiceModel): boolean {
  return accepted === counts.refused + counts.failed + counts.ended + places.length;
}

/** Ends of connections by the port of their client: one that waits for a handler of the listener may see several. */
function endsOf(
  events: readonly ZinetdEvent[],
  isWaiting: (service: string) => boolean,
): ReadonlyMap<number, readonly string[]> {
  const ends = new Map<number, string[]>();
  for (const event of events) {
    if (event.type !== 'refused' && event.type !== 'failed' && event.type !== 'exited') continue;
    const { port } = event.peer;
    if (!isWaiting(event.service)) ends.set(port, [...(ends.get(port) ?? []), event.type]);
  }
  return ends;
}

/** What an operator sees is what the model says, and every connection is accounted for once (promise 7). */
export function check(model: Model, scene: Scene): void {
  const status = scene.status();
  const found = new Map(status.services.map((service) => [service.name, seen(service)]));
  for (const { state, pauses, counts } of found.values())
    for (const it of [state, ...pauses, ...Object.keys(counts.refusedFor)]) model.met.add(it);
  const wanted = model.present.map((service) => [service.shape.name, expected(service, model.now)] as const);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
  const all = [...model.services.values()];
  const total = (of: (service: ServiceModel) => number): number => all.reduce((sum, it) => sum + of(it), 0);
  expect({ running: status.running, starting: status.starting, bans: status.bans }).toEqual({
    running: total(({ running }) => running.length),
    starting: total(({ launching }) => launching.length),
    bans: model.bans,
  });
  expect(all.filter((service) => !isConserved(service))).toEqual([]);
  const isWaiting = (name: string): boolean => model.of(name).shape.isWaiting;
  expect([...endsOf(scene.events, isWaiting)].filter(([, ends]) => ends.length > 1)).toEqual([]);
}

/** How many ends there are; refusals that share a record have no event of their own. */
function countEnds(events: readonly ZinetdEvent[]): number {
  return events.reduce((sum, event) => {
    if (event.type === 'refused-more') return sum + (isFailureReason(event.reason) ? 0 : event.count);
    return sum + (event.type === 'refused' || event.type === 'failed' || event.type === 'exited' ? 1 : 0);
  }, 0);
}

/** Whoever has a place has a handler, which ends; and whoever waits gets a place by that, until nobody waits. */
function letEverybodyGo(model: Model, scene: Scene): void {
  const { spawner } = scene;
  while (spawner.children.length > 0) {
    for (const child of [...spawner.children]) {
      const service = model.of(child.name);
      const isBorn = child.pid !== 0;
      if (!isBorn) {
        spawner.launched(child);
        scene.settle();
        model.launched(service, whoOf(child));
      }
      spawner.exited(child, 0);
      scene.settle();
      model.exited(service, { ...whoOf(child), hasCrashed: false });
    }
    check(model, scene);
    scene.pass(LONG_MS);
    model.pass(LONG_MS);
    check(model, scene);
  }
}

/** Everybody goes, then zinetd: all places are free, nothing is left open, and each has had one record, or a share of one. */
export function checkTheEnd(model: Model, scene: Scene): void {
  const { spawner } = scene;
  spawner.kernel.isBusy = false;
  scene.settle();
  letEverybodyGo(model, scene);
  const services = [...model.services.values()];
  expect(services.filter(({ places }) => places.length > 0)).toEqual([]);
  spawner.stop();
  scene.settle();
  expect(spawner.isDrained).toBe(true);
  expect(countEnds(scene.events)).toBe(services.reduce((sum, { accepted }) => sum + accepted, 0));
  spawner.bye();
  scene.settle();
  expect(scene.hasLeft).toBe(true);
  expect(spawner.kernel.open).toEqual([]);
}
