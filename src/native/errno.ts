import { constants } from 'node:os';
import { SyscallError } from '../model/errors.ts';

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(constants.errno)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** `ENOENT` for 2; `E512` for a number that this platform has no name for. */
export function errnoName(errno: number): string {
  return NAMES.get(errno) ?? `E${errno}`;
}

/** The result of a call of the binding, or the SyscallError that its -errno stands for. */
export function checked(
  result: number,
  options: { readonly call: string; readonly subject: string },
): number {
  if (result >= 0) return result;
  throw new SyscallError({ ...options, code: errnoName(-result) });
}
