import { readdirSync, type Stats, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { ForeignContext } from '../config/foreign-format.ts';
import { quote } from '../config/quote.ts';
import { type ForeignFile, readTrustedForeign } from '../config/read.ts';
import type { Problem } from '../config/report.ts';
import { checkTrust } from '../config/trust.ts';
import { errnoOf } from '../model/errno-of.ts';

/** What is at a path; undefined for nothing that can be reached. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

export function isDirectory(path: string): boolean {
  return statsOf(path)?.isDirectory() === true;
}

/** A file that only root and the owner can have written, each once; undefined after a report. */
export class SourceFiles {
  readonly #context: ForeignContext;
  readonly #files = new Map<string, ForeignFile | undefined>();

  constructor(context: ForeignContext) {
    this.#context = context;
  }

  read(path: string, at: Problem['at']): ForeignFile | undefined {
    if (!this.#files.has(path)) this.#files.set(path, readTrustedForeign(path, { ...this.#context, at }));
    return this.#files.get(path);
  }

  /** The names in a directory under the same conditions, in the order of their bytes. */
  list(directory: string, at: Problem['at']): readonly string[] | undefined {
    const { report, sightings } = this.#context;
    sightings?.glob(directory, posix.join(directory, '*'));
    const trust = checkTrust(posix.resolve(directory), this.#context);
    const subject = `Cannot read ${quote(directory)}`;
    if (!trust.trusted) {
      const code = trust.kind === 'untrusted' ? 'config/untrusted-path' : 'config/unreadable';
      return void report.add({ code, at, message: `${subject}: ${trust.reason}` });
    }
    try {
      return readdirSync(trust.path).sort();
    } catch (error) {
      const code = errnoOf(error);
      return void report.add({ code: 'config/unreadable', at, message: `${subject}: ${code}` });
    }
  }
}
