import { SyscallError } from '../model/errors.ts';
import type { Problem, Report } from './report.ts';

/**
 * The answer to a look-up; `failed` when the name service could not be asked, which is not the same as
 * knowing nobody of that name (S25).
 */
export function askHost<T>(
  look: () => T,
  context: { readonly report: Report; readonly at: Problem['at'] },
): { readonly failed: false; readonly value: T } | { readonly failed: true; readonly value?: undefined } {
  try {
    return { failed: false, value: look() };
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    context.report.add({ code: 'config/look-up-failed', at: context.at, message: error.message });
    return { failed: true };
  }
}
