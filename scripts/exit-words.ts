import { EXIT } from '../src/model/exit-code.ts';

/** What each exit code says, for the documents. */
const WORDS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'Done.',
  no: 'The answer is no: the configuration is invalid, the client is refused, nothing is running, there is no such thing.',
  usage: 'Wrong usage: no such command or option, or a value that none can have.',
  system:
    'The system said no: a file, a socket or a process could not be had. Of a daemon also: not one listener could be opened.',
  bug: 'A bug in zinetd. Please report it.',
};

export const EXIT_WORDS: readonly { readonly code: number; readonly words: string }[] = Object.entries(
  EXIT,
).map(([name, code]) => ({ code, words: WORDS[name as keyof typeof EXIT] }));
