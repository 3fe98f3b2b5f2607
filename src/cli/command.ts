import type { Argv } from 'yargs';

/** One row of the table of commands. */
export interface Command<Options> {
  /** As yargs writes it: the name, then positional arguments. */
  readonly usage: string;
  readonly describe: string;
  /** Options that may be given more than once. */
  readonly repeatable?: readonly string[];
  /** Whether a program may stand behind `--`; it is in the options as `--`. */
  readonly takesProgram?: boolean;
  builder(yargs: Argv): Argv<Options>;
  /** Gives the exit code. */
  run(options: Options): Promise<number>;
}

/** A row as the command line handles it: what its builder declares is what its `run` gets. */
export type AnyCommand = Command<unknown>;
