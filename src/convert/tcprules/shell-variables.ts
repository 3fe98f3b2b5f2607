import type { ShellWord } from './shell-word.ts';

export type Value = Pick<ShellWord, 'text' | 'unknown' | 'id'>;

/** What the script itself has set so far. */
export type ShellVariables = ReadonlyMap<string, Value>;

/** `$(id -u alias)`, with quotes around the name or without. */
const ID = /^\s*(?:\/usr)?(?:\/bin\/)?id\s+-([ug])\s+["']?([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*$/;

export function variableValue(name: string, variables: ShellVariables): Value {
  return variables.get(name) ?? { text: '', unknown: `nothing in the file sets "${name}"` };
}

/** What a command prints is not known, but for the ids of a user. */
export function commandValue(command: string): Value {
  const [, letter, name] = ID.exec(command) ?? [];
  const unknown = 'it comes from a command';
  if (name === undefined) return { text: '', unknown };
  return { text: '', unknown, id: { of: letter === 'u' ? 'user' : 'group', name } };
}
