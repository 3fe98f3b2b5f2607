import { mkdirSync, writeFileSync } from 'node:fs';
import { quote } from '../../config/quote.ts';
import { SyscallError, UsageError } from '../../model/errors.ts';

/** Throws UsageError for what is there already, SyscallError for what cannot be written. */
export function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`Cannot write ${quote(path)}: it is there already`);
    throw new SyscallError({ call: 'write', code, subject: quote(path) });
  }
}

/** With those above it. Throws SyscallError. */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new SyscallError({ call: 'make', code, subject: quote(path) });
  }
}
