import { MOST_RPC_NUMBER, MOST_RPC_VERSIONS } from '../model/rpc.ts';

const VERSIONS = /^(0|[1-9][0-9]{0,9})(?:-(0|[1-9][0-9]{0,9}))?$/;

/** What is accepted, for messages. */
export const RPC_VERSIONS_FORM: string = `must be a version such as 2, or a range such as "1-5" of ${MOST_RPC_VERSIONS} at most`;

/** `2`, `"2"` or `"1-5"`; undefined for anything else. */
export function parseRpcVersions(
  versions: number | string,
): { readonly low: number; readonly high: number } | undefined {
  const [, first, last = first] = VERSIONS.exec(String(versions)) ?? [];
  if (first === undefined) return undefined;
  const [low, high] = [Number(first), Number(last)];
  const isRange = low <= high && high <= MOST_RPC_NUMBER && high - low < MOST_RPC_VERSIONS;
  return isRange ? { low, high } : undefined;
}
