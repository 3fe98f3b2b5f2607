import { ACCEPTED, type AcceptedDifference } from './accepted-differences.ts';
import type { Group } from './group.ts';
import type { Observation, Observations } from './observe.ts';

interface Expected {
  readonly observations: Observations;
  /** The titles of the accepted differences that changed something. */
  readonly used: ReadonlySet<string>;
}

function isSame(one: Observation, other: Observation): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function apply(
  { always, cases }: AcceptedDifference,
  before: Observation,
  { group, name }: { readonly group: string; readonly name: string },
): Observation {
  const ofGroup = cases?.[group];
  return [always, ofGroup?.['*'], ofGroup?.[name]].reduce((it, expect) => expect?.(it) ?? it, before);
}

/** What zinetd is to show, from what xinetd shows. */
export function expectAlike({ title: group }: Group, xinetd: Observations): Expected {
  const used = new Set<string>();
  const expectation = (name: string, observation: Observation): Observation =>
    ACCEPTED.reduce((before, difference) => {
      const after = apply(difference, before, { group, name });
      if (!isSame(before, after)) used.add(difference.title);
      return after;
    }, observation);
  const entries = Object.entries(xinetd).map(([name, it]) => [name, expectation(name, it)] as const);
  return { observations: Object.fromEntries(entries), used };
}
