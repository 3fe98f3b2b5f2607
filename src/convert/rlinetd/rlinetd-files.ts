import { Buffer } from 'node:buffer';
import { readdirSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, posix, resolve as resolvePath } from 'node:path';
import type { ForeignContext } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import { type ForeignFile, readTrustedForeign } from '../../config/read.ts';
import type { Problem } from '../../config/report.ts';
import { checkTrust } from '../../config/trust.ts';
import { errnoOf } from '../../model/errno-of.ts';
import type { DirectoryFiles, Found } from './directory-files.ts';

const MISSING = { kind: 'missing' } as const;
const REFUSED = { kind: 'refused' } as const;

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Reads the files of a configuration, each once. */
export class RlinetdFiles implements DirectoryFiles {
  readonly #context: ForeignContext;
  readonly #seen = new Set<string>();

  constructor(context: ForeignContext) {
    this.#context = context;
  }

  /** What the command line names: files, and directories as "directory" without patterns has them. */
  readAll(paths: readonly string[]): Found<readonly ForeignFile[]> {
    const files: ForeignFile[] = [];
    for (const path of paths) {
      const isDirectory = statsOf(path)?.isDirectory() === true;
      const names = isDirectory ? this.list(resolvePath(path), () => true, { file: path }) : undefined;
      if (names?.kind === 'refused') return REFUSED;
      for (const name of names?.kind === 'found' ? names.value : [path]) {
        const file = this.read(name, { file: name });
        if (file.kind === 'refused') return REFUSED;
        if (file.kind === 'found') files.push(file.value);
      }
    }
    return { kind: 'found', value: files };
  }

  list(directory: string, isMeant: (name: string) => boolean, at: Problem['at']): Found<readonly string[]> {
    const subject = `Cannot include ${quote(directory)}`;
    const { report, sightings } = this.#context;
    if (!isAbsolute(directory)) {
      report.add({ code: 'rlinetd/include', at, message: `${subject}: the path must be absolute` });
      return REFUSED;
    }
    sightings?.glob(directory, posix.join(directory, '*'));
    const trust = checkTrust(directory, this.#context);
    if (!trust.trusted) {
      const isMissing = trust.kind === 'unreadable' && trust.code === 'ENOENT';
      const others = trust.kind === 'untrusted' ? 'config/untrusted-path' : 'config/unreadable';
      const code = isMissing ? 'rlinetd/include' : others;
      report.add({ code, at, message: `${subject}: ${trust.reason}` });
      return isMissing ? MISSING : REFUSED;
    }
    try {
      const names = readdirSync(trust.path).filter((name) => !name.startsWith('.') && isMeant(name));
      const files = names.toSorted(byBytes).map((name) => posix.join(directory, name));
      return { kind: 'found', value: files.filter((path) => this.#isFile(path, at)) };
    } catch (error) {
      const code = errnoOf(error);
      report.add({ code: 'config/unreadable', at, message: `${subject}: ${code}` });
      return REFUSED;
    }
  }

  read(name: string, at: Problem['at']): Found<ForeignFile> {
    const file = readTrustedForeign(name, { ...this.#context, at });
    if (!file) return REFUSED;
    if (!this.#seen.has(file.path)) {
      this.#seen.add(file.path);
      return { kind: 'found', value: file };
    }
    const message = `Cannot read ${quote(name)} again: it is part of this configuration already`;
    this.#context.report.add({ code: 'rlinetd/include', at, message });
    return MISSING;
  }

  #isFile(path: string, at: Problem['at']): boolean {
    const stats = statsOf(path);
    if (stats?.isFile()) return true;
    const reason = stats ? 'it is not a regular file' : 'it cannot be reached';
    const message = `Skipped ${quote(path)}: ${reason}`;
    this.#context.report.add({ code: 'rlinetd/skipped-file', at, message });
    return false;
  }
}
