import type { Problem } from '../../config/report.ts';
import type { AskedRules } from './asked-rules.ts';
import type { ShellWord } from './shell-word.ts';

/** What a script names and somebody else has to read. */
export interface ScriptFiles {
  /** A path as the script means it: relative ones from where it stands, or where it went. */
  resolve(path: string, cwd: string | undefined): string;
  /** The variables of a directory for envdir; undefined after a report. */
  readVariables(directory: string, at: Problem['at']): ReadonlyMap<string, string> | undefined;
  /** The program of that name in one of the directories of `path`. */
  findProgram(name: string, path: string): string | undefined;
  /** The rules that a server is told to ask; undefined after a report. */
  findRules(
    kind: 'cdb' | 'directory',
    of: { readonly path: string; readonly at: ShellWord },
  ): AskedRules | undefined;
}
