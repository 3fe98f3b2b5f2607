import type { ControlFailure } from '../control/control-failure.ts';
import { describeControlFailure } from './describe-control-failure.ts';
import { printError } from './print.ts';

/** Says why there is no answer; gives the exit code. */
export function tellFailure(failure: ControlFailure, path: string): number {
  const { message, help, code } = describeControlFailure(failure, path);
  printError(`zinetd: ${message}\n${help === undefined ? '' : `   help: ${help}\n`}`);
  return code;
}
