import { statSync } from 'node:fs';
import { posix } from 'node:path';
import { expandInclude } from '../../config/expand-include.ts';
import type { ForeignContext } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import { type ForeignFile, readTrustedForeign } from '../../config/read.ts';
import type { Problem } from '../../config/report.ts';
import type { Word } from './word.ts';

/** Whether GNU's way is meant, a directory of files; what is no directory is left to the reader of files. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Reads the files of a configuration, each once. */
export class InetdFiles {
  readonly #context: ForeignContext;
  readonly #seen = new Set<string>();

  constructor(context: ForeignContext) {
    this.#context = context;
  }

  #read(name: string, at: Problem['at']): ForeignFile | undefined {
    const file = readTrustedForeign(name, { ...this.#context, at });
    if (!file || !this.#seen.has(file.path)) {
      if (file) this.#seen.add(file.path);
      return file;
    }
    const message = `Cannot read ${quote(name)} again: it is part of this configuration already`;
    return void this.#context.report.add({ code: 'config/include', at, message });
  }

  /** What the command line names: files, and directories of files. */
  readAll(paths: readonly string[]): {
    readonly files: readonly ForeignFile[];
    readonly hasDirectory: boolean;
  } {
    const expanded = paths.map((path) => {
      const at = { file: path };
      if (!isDirectory(path)) return [{ name: path, at }];
      const names = expandInclude(posix.join(path, '*'), { ...this.#context, includingFile: path, at });
      return names.map((name) => ({ name, at: { file: name } }));
    });
    const files = expanded.flat().map(({ name, at }) => this.#read(name, at));
    return { files: files.filter((file) => file !== undefined), hasDirectory: paths.some(isDirectory) };
  }

  /** What `.include` names, relative to the file that it stands in. */
  include(pattern: Word, from: ForeignFile): readonly ForeignFile[] {
    const context = { ...this.#context, at: pattern.place, includingFile: from.source.name };
    return expandInclude(pattern.text, context)
      .map((name) => this.#read(name, pattern.place))
      .filter((file) => file !== undefined);
  }
}
