import { posix } from 'node:path';
import type { Problem } from '../../config/report.ts';
import { isDirectory, type SourceFiles } from '../source-files.ts';

/**
 * The variables of a directory as envdir has it: a file each, its first line without the blanks at its end, and a NUL for
 * a newline. An empty file is a variable that is not set.
 */
export function readVariables(
  directory: string,
  { files, at }: { readonly files: SourceFiles; readonly at: Problem['at'] },
): ReadonlyMap<string, string> | undefined {
  const names = files.list(directory, at);
  if (!names) return undefined;
  const variables = new Map<string, string>();
  for (const name of names) {
    const path = posix.join(directory, name);
    if (name.startsWith('.') || isDirectory(path)) continue;
    const file = files.read(path, at);
    if (!file) return undefined;
    const { text } = file.source;
    const [first = ''] = text.split('\n', 1);
    if (text !== '') variables.set(name, first.replace(/[ \t]+$/, '').replaceAll('\0', '\n'));
  }
  return variables;
}
