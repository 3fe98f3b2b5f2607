import { constants } from 'node:os';

/** errno(3) by name. Both architectures number them alike. */
export type ErrorName = keyof typeof constants.errno;

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(constants.errno, name);
}

export const ERROR_NAMES: readonly ErrorName[] = Object.keys(constants.errno).filter(isErrorName);
