import { closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../config/quote.ts';
import { detectFormat, type FormatName } from '../../convert/detect-format.ts';
import { UsageError } from '../../model/errors.ts';

/** As much as detection looks at. */
const MOST_BYTES = 65_536;
const MOST_FILES = 200;

/** The beginning of a file; empty where it cannot be read, which whoever reads it has to say. */
function beginningOf(path: string): string {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      return bytes.toString('latin1', 0, readSync(fd, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A directory is the files in it. */
function filesOf(path: string): readonly string[] {
  if (!isDirectory(path)) return [path];
  const names = readdirSync(path).sort().slice(0, MOST_FILES);
  return names.map((name) => join(path, name)).filter((file) => !isDirectory(file));
}

/** Throws UsageError where that cannot be told. */
export function detectFiles(paths: readonly string[]): FormatName {
  const found = new Map<FormatName, string>();
  for (const file of paths.flatMap(filesOf)) {
    const format = detectFormat(file, beginningOf(file));
    if (format && !found.has(format)) found.set(format, file);
  }
  const [first, second] = found;
  if (!first) {
    const message = `Cannot tell what ${paths.map((path) => quote(path)).join(', ')} is written in`;
    throw new UsageError(`${message}\n   help: say so by "--from"`);
  }
  if (!second) return first[0];
  const message = `Cannot convert ${quote(first[1])} together with ${quote(second[1])}: one looks like ${first[0]}, the other like ${second[0]}`;
  throw new UsageError(
    `${message}\n   help: convert them one after the other, or say what they are by "--from"`,
  );
}
