import type { Report } from '../../config/report.ts';
import type { ScriptFiles } from './script-files.ts';
import type { ShellWord } from './shell-word.ts';
import type { Surroundings } from './surroundings.ts';

export interface ChainContext {
  readonly set: Surroundings;
  readonly report: Report;
  readonly files: ScriptFiles;
}

/** A program that changes something and then starts the rest of its words; undefined after a report. */
export type Loader = (
  words: readonly ShellWord[],
  context: ChainContext & { readonly self: ShellWord },
) => readonly ShellWord[] | undefined;
