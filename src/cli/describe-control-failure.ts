import { statSync } from 'node:fs';
import { quote } from '../config/quote.ts';
import type { ControlFailure } from '../control/control-failure.ts';
import { assertNever } from '../model/assert-never.ts';
import { EXIT } from '../model/exit-code.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { printable } from './printable.ts';
import { userName } from './user-name.ts';

export interface FailureText {
  /** One line in the house grammar. */
  readonly message: string;
  readonly help?: string | undefined;
  readonly code: number;
}

function ownerOf(path: string): string | undefined {
  try {
    return userName(statSync(path).uid);
  } catch {
    // The directory is closed to us as well: whose the socket is cannot be told.
    return undefined;
  }
}

function describeUnreachable(path: string, code: string): FailureText {
  const cannot = `Cannot reach zinetd at ${quote(path)}`;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        ...{ message: `${cannot}: there is no such socket`, code: EXIT.no },
        help: 'is it running? "--control" names the socket of one that listens elsewhere',
      };
    case 'ECONNREFUSED':
      return { message: `${cannot}: it is not running`, code: EXIT.no };
    case 'EAGAIN':
      return { message: `${cannot}: it has no time for one more`, code: EXIT.no };
    case 'EACCES':
    case 'EPERM': {
      const owner = ownerOf(path);
      const who = owner === undefined ? 'permission denied' : `only ${quote(owner)} may`;
      return { message: `${cannot}: ${who}`, code: EXIT.system };
    }
    default:
      return { message: `${cannot}: ${code}`, code: EXIT.system };
  }
}

function describeRefused(failure: ControlFailure & { readonly kind: 'refused' }): FailureText {
  const message = printable(failure.message).trimEnd();
  switch (failure.code) {
    case 'invalid-params':
      return { message, code: EXIT.usage };
    case 'unknown-method':
    case 'protocol':
      return {
        ...{ message, code: EXIT.no },
        help: 'the zinetd that runs is probably another version than this command',
      };
    case 'not-permitted':
    case 'not-found':
    case 'busy':
    case 'failed':
      return { message, code: EXIT.no };
    default:
      return assertNever(failure.code);
  }
}

/** What the one who asked gets to read, and the exit code. */
export function describeControlFailure(failure: ControlFailure, path: string): FailureText {
  const cannot = 'Cannot get an answer from zinetd';
  switch (failure.kind) {
    case 'unreachable':
      return describeUnreachable(path, failure.code);
    case 'silent':
      return { message: `${cannot}: none came in ${formatDurationMs(failure.afterMs)}`, code: EXIT.no };
    case 'gone':
      return { message: `${cannot}: it ended the connection`, code: EXIT.no, help: 'its log says why' };
    case 'foreign':
      return {
        message: `Cannot understand what answers at ${quote(path)}: it does not speak the protocol of this version`,
        help: 'the zinetd that runs is probably another version than this command',
        code: EXIT.no,
      };
    case 'refused':
      return describeRefused(failure);
    default:
      return assertNever(failure);
  }
}
