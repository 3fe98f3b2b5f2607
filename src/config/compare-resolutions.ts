import type { ResolutionValues } from './print.ts';

/** One thing that two configurations say differently. `undefined` is what one of them does not say at all. */
export interface Difference {
  /** Undefined for what is about the daemon. */
  readonly service: string | undefined;
  /** Undefined where one of them has no such service. */
  readonly attribute: string | undefined;
  readonly left: unknown;
  readonly right: unknown;
}

type Values = Readonly<Record<string, unknown>>;

/** The order of keys means nothing, but for that of lists. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, canonical(each)]));
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
}

function compareValues(service: string | undefined, left: Values, right: Values): readonly Difference[] {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names]
    .filter((name) => !isSame(left[name], right[name]))
    .map((attribute) => ({ service, attribute, left: left[attribute], right: right[attribute] }));
}

/** What differs in the meaning of two configurations, service by service in the order of the first. */
export function compareResolutions(left: ResolutionValues, right: ResolutionValues): readonly Difference[] {
  const names = new Set([...left.services.keys(), ...right.services.keys()]);
  const services = [...names].flatMap((service): readonly Difference[] => {
    const [before, after] = [left.services.get(service), right.services.get(service)];
    if (before && after) return compareValues(service, before as Values, after as Values);
    return [{ service, attribute: undefined, left: before, right: after }];
  });
  return [...compareValues(undefined, left.daemon as Values, right.daemon as Values), ...services];
}
