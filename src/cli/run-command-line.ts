import { InvariantError, SyscallError, UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { NativeLoadError } from '../native/load.ts';
import { COMPLETIONS, complete } from './complete.ts';
import { parseArguments } from './parse-arguments.ts';
import { printError, printOut } from './print.ts';

/** An error as what the caller gets to see of it. */
function explainError(error: unknown): { readonly message: string; readonly code: number } {
  if (error instanceof UsageError) return { message: error.message, code: EXIT.usage };
  if (error instanceof SyscallError || error instanceof NativeLoadError) {
    return { message: error.message, code: EXIT.system };
  }
  if (error instanceof InvariantError) return { message: error.message, code: EXIT.bug };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    message: `Met an unexpected error (this is a bug in zinetd, please report it): ${trace}`,
    code: EXIT.bug,
  };
}

/** A whole command line, to its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  try {
    if (argv[0] === COMPLETIONS) {
      printOut(await complete(argv.slice(1)));
      return EXIT.ok;
    }
    const request = await parseArguments(argv);
    if (request.kind === 'command') return await request.command.run(request.options);
    printOut(request.text);
    return EXIT.ok;
  } catch (error) {
    const { message, code } = explainError(error);
    printError(`zinetd: ${message}\n`);
    return code;
  }
}
