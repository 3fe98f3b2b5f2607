import { InvariantError } from '../model/errors.ts';
import type { ListenPlace } from '../model/listen-address.ts';

/** A listener as the configuration wrote it. */
export interface ConfiguredListener {
  readonly service: number;
  readonly name: string;
  readonly configured: ListenPlace;
}

/** That of a row, as this process numbers them. */
export function configuredListener(
  { rows }: { readonly rows: ReadonlyMap<number, ConfiguredListener> },
  row: number,
): ConfiguredListener {
  const found = rows.get(row);
  if (!found) throw new InvariantError(`The spawner gave listener ${row}, which the policy does not have`);
  return found;
}
