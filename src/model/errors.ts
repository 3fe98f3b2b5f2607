/** The command line cannot be understood: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A bug in zinetd itself: exit code 4. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';

  constructor(message: string) {
    super(`${message} (this is a bug in zinetd, please report it)`);
  }
}

/** A system call said no: exit code 3. `code` is symbolic, such as `EADDRINUSE`. */
export class SyscallError extends Error {
  override readonly name = 'SyscallError';
  readonly call: string;
  readonly code: string;

  constructor(options: { readonly call: string; readonly code: string; readonly subject: string }) {
    super(`Cannot ${options.call} ${options.subject}: ${options.code}`);
    this.call = options.call;
    this.code = options.code;
  }
}
