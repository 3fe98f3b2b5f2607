import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scratch } from './scratch.ts';

/** The text of a file, or of a script that can be run, or the program that it is a copy of. */
export type LayerFile = string | { readonly script: string } | { readonly copyOf: string };

function put(path: string, file: LayerFile): void {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof file === 'object' && 'copyOf' in file) copyFileSync(file.copyOf, path);
  else writeFileSync(path, typeof file === 'string' ? file : file.script);
  chmodSync(path, typeof file === 'string' ? 0o644 : 0o755);
}

/** A directory with these files by their absolute paths, to be laid over /. */
export function layer(files: Readonly<Record<string, LayerFile>>): string {
  const directory = scratch('layer');
  for (const [path, file] of Object.entries(files)) put(join(directory, path), file);
  return directory;
}
