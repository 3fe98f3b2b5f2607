import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The absolute path of a program as a shell would find it; for the command line only: in a configuration a
 * relative path is an error (S128). Undefined when it is not on the PATH.
 */
export function findProgram(program: string, path: string): string | undefined {
  if (isAbsolute(program)) return program;
  if (program.includes('/')) return join(process.cwd(), program);
  const directories = path.split(':').filter(isAbsolute);
  return directories.map((directory) => join(directory, program)).find(isExecutable);
}
