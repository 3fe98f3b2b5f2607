import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { expandInclude } from '../../config/expand-include.ts';
import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import { type ForeignFile, readTrustedForeign } from '../../config/read.ts';
import { convertFiles } from './convert-files.ts';

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Files, and of a directory those that launchd reads: `*.plist`. */
function namesOf(paths: readonly string[], context: ForeignContext): readonly string[] {
  return paths.flatMap((path) => {
    if (!isDirectory(path)) return [path];
    return expandInclude(posix.join(path, '*.plist'), {
      ...context,
      includingFile: path,
      at: { file: path },
    });
  });
}

function readAll(names: readonly string[], context: ForeignContext): readonly ForeignFile[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    const file = readTrustedForeign(name, { ...context, at: { file: name } });
    if (file && !seen.has(file.path)) {
      seen.add(file.path);
      return [file];
    }
    const message = `Cannot read ${quote(name)} again: it is part of this configuration already`;
    if (file) context.report.add({ code: 'config/include', at: { file: name }, message });
    return [];
  });
}

/** Reads property lists of launchd, and directories of them, as one document. */
export function readLaunchd(paths: readonly string[], context: ForeignContext): ForeignDocument {
  return convertFiles(readAll(namesOf(paths, context), context), { ...context, name: paths[0] ?? '' });
}
