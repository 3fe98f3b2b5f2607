import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Binding } from './binding.ts';

/** A native piece is missing or does not load: every path that was tried, each with its reason. */
export class NativeLoadError extends Error {
  override readonly name = 'NativeLoadError';

  constructor(piece: string, attempts: readonly string[]) {
    const lines = attempts.map((attempt) => `  ${attempt}`).join('\n');
    super(
      `Cannot load ${piece}:\n${lines}\nBuild it with "npm ci" (a C compiler, make and python3 are needed)`,
    );
  }
}

/** Where `npm ci` builds, from `dist/native/` and from `src/native/` alike. */
export const BUILD_DIRECTORIES: readonly string[] = [
  fileURLToPath(new URL('../../build/Release/', import.meta.url)),
  fileURLToPath(new URL('../../build/Debug/', import.meta.url)),
];

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n')[0] ?? message;
}

/** Tries `load` on `file` in each directory; the first that does not throw wins. */
function firstOf<T>(
  file: string,
  options: { readonly directories: readonly string[]; load(path: string): T },
): T {
  const attempts: string[] = [];
  for (const directory of options.directories) {
    const path = `${directory}${file}`;
    try {
      return options.load(path);
    } catch (error) {
      attempts.push(`${path}: ${reasonOf(error)}`);
    }
  }
  throw new NativeLoadError(file, attempts);
}

/** The addon, as `npm ci` built it. Throws NativeLoadError. */
export function loadBinding(directories: readonly string[] = BUILD_DIRECTORIES): Binding {
  const require = createRequire(import.meta.url);
  return firstOf('zinetd_addon.node', { directories, load: (path) => require(path) as Binding });
}

/** The path of the spawner's executable. Throws NativeLoadError. */
export function findSpawner(directories: readonly string[] = BUILD_DIRECTORIES): string {
  const load = (path: string): string => {
    accessSync(path, constants.X_OK);
    return path;
  };
  return firstOf('zinetd-spawner', { directories, load });
}
