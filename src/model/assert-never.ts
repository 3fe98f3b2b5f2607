import { InvariantError } from './errors.ts';

/** Ends an exhaustive switch: a case that the types rule out is a bug of ours. */
export function assertNever(value: never): never {
  throw new InvariantError(`Met an unexpected case: ${JSON.stringify(value)}`);
}
