import { didYouMean } from '../config/nearest.ts';
import { quote } from '../config/quote.ts';
import type { Status } from '../control/messages.ts';

/** The status with `names` alone, in the order of the status, or why that cannot be shown. */
export function pickServices(
  status: Status,
  names: readonly string[],
): { readonly status: Status } | { readonly message: string } {
  if (names.length === 0) return { status };
  const known = status.services.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) {
    return { status: { ...status, services: status.services.filter(({ name }) => names.includes(name)) } };
  }
  const help = didYouMean(unknown, known);
  const message = `Cannot show ${quote(unknown)}: there is no such service`;
  return { message: help === undefined ? message : `${message}\n   help: ${help}` };
}
