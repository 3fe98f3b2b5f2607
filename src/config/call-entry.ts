import { ERROR_NAMES, isErrorName } from '../model/error-name.ts';
import type { Denial } from '../model/handler-filter.ts';
import { isSyscallGroup, SYSCALL_GROUP_NAMES, type SyscallGroupName } from '../model/syscall-groups.ts';
import { isSyscallName, SYSCALL_NAMES, type SyscallName } from '../model/syscall-numbers.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';

/** One entry of `system_calls`: a call or a group, after "~" what is denied, after ":" how. */
export interface CallEntry {
  readonly isDenied: boolean;
  readonly subject: SyscallName | SyscallGroupName;
  readonly denial: Denial | undefined;
}

/** Why a text is no entry. */
export interface CallFault {
  readonly reason: string;
  readonly help: string | undefined;
}

function faultOfSubject(subject: string): CallFault {
  if (subject.startsWith('@')) {
    return { reason: 'no such group of system calls', help: didYouMean(subject, SYSCALL_GROUP_NAMES) };
  }
  const reason = 'neither x86-64 nor aarch64 has a system call of this name';
  return { reason, help: didYouMean(subject, SYSCALL_NAMES) };
}

function isDenial(text: string): text is Denial {
  return text === 'kill' || isErrorName(text);
}

export function faultOfDenial(text: string): CallFault | undefined {
  if (isDenial(text)) return undefined;
  const reason = `${quote(text)} is no error of errno(3), nor "kill"`;
  return { reason, help: didYouMean(text, ['kill', ...ERROR_NAMES]) };
}

/** Such as `@system-service`, `~@mount`, `~ptrace:kill`. */
export function parseCallEntry(text: string): CallEntry | CallFault {
  const isDenied = text.startsWith('~');
  const [subject = '', denial, ...rest] = text.slice(isDenied ? 1 : 0).split(':');
  if (!isSyscallName(subject) && !isSyscallGroup(subject)) return faultOfSubject(subject);
  if (denial === undefined) return { isDenied, subject, denial };
  if (!isDenied)
    return { reason: 'an error goes with what is denied', help: `write "~${subject}:${denial}"` };
  if (isDenial(denial) && rest.length === 0) return { isDenied, subject, denial };
  return faultOfDenial([denial, ...rest].join(':')) ?? { reason: 'must end with one error', help: undefined };
}
