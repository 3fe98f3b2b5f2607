import type { Word } from './word.ts';

/** A word of a command, as far as it is known without running anything. */
export interface ShellWord extends Word {
  /** Why nobody knows it before the script runs; undefined for a word that is known. */
  readonly unknown?: string | undefined;
  /** It is what `id -u NAME` or `id -g NAME` prints. */
  readonly id?: { readonly of: 'user' | 'group'; readonly name: string } | undefined;
}

export interface Redirect {
  readonly fd: number;
  readonly operator: '<' | '>' | '>>' | '>&' | '<&';
  readonly target: ShellWord;
}

/** `NAME=VALUE NAME=VALUE program word word 2>&1`. */
export interface ShellCommand {
  readonly assignments: readonly { readonly name: string; readonly value: ShellWord }[];
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
}
