import type { Status } from '../../control/messages.ts';
import type { Rates } from './rates.ts';
import { TOP_COLUMNS } from './top-columns.ts';
import type { TopRow } from './top-row.ts';
import type { View } from './view.ts';

type Value = number | string;

function compare(left: Value, right: Value): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Those that match, in order; what is equal there is sorted by its handlers, then by name. */
export function topRows(
  status: Status,
  { rates, view }: { readonly rates: ReadonlyMap<string, Rates>; readonly view: View },
): readonly TopRow[] {
  const { order } = TOP_COLUMNS[view.sort];
  const direction = order.isHighFirst === view.isReversed ? 1 : -1;
  const wanted = view.filter.toLowerCase();
  const { value: handlers } = TOP_COLUMNS.handlers.order;
  return status.services
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map((service) => ({ service, rates: rates.get(service.name) }))
    .toSorted(
      (left, right) =>
        direction * compare(order.value(left), order.value(right)) ||
        compare(handlers(right), handlers(left)) ||
        compare(left.service.name, right.service.name),
    );
}
