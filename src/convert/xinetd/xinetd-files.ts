import { Buffer } from 'node:buffer';
import { readdirSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, posix, resolve as resolvePath } from 'node:path';
import type { ForeignContext } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import { type ForeignFile, readTrustedForeign } from '../../config/read.ts';
import type { Problem } from '../../config/report.ts';
import { checkTrust } from '../../config/trust.ts';
import { errnoOf } from '../../model/errno-of.ts';

/**
 * What there is under a name. `missing` is passed over, as xinetd has it; `refused` is there, but cannot be read,
 * so that nobody knows what the services of other files would lack without it.
 */
export type Found<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'missing' | 'refused' };

const MISSING = { kind: 'missing' } as const;
const REFUSED = { kind: 'refused' } as const;
/** Of what is skipped, as many are named. */
const MOST_NAMES = 3;

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** xinetd reads no file with such a name, so that what editors and package managers leave there does no harm. */
function isSkipped(name: string): boolean {
  return name.includes('.') || name.endsWith('~');
}

/** As strcmp(3) has it. */
function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Reads the files of a configuration, each once. */
export class XinetdFiles {
  readonly #context: ForeignContext;
  readonly #seen = new Set<string>();

  constructor(context: ForeignContext) {
    this.#context = context;
  }

  /** What the command line names: files, and directories as `includedir` has them. */
  readAll(paths: readonly string[]): Found<readonly ForeignFile[]> {
    const files: ForeignFile[] = [];
    for (const path of paths) {
      const at = { file: path };
      const names = statsOf(path)?.isDirectory() ? this.list(resolvePath(path), at) : undefined;
      if (names?.kind === 'refused') return REFUSED;
      for (const name of names?.kind === 'found' ? names.value : [path]) {
        const file = this.#read(name, { file: name });
        if (file.kind === 'refused') return REFUSED;
        if (file.kind === 'found') files.push(file.value);
      }
    }
    return { kind: 'found', value: files };
  }

  /** The file of an `include`. */
  read(name: string, at: Problem['at']): Found<ForeignFile> {
    if (!isAbsolute(name)) return this.#refuse(name, at);
    const trust = checkTrust(name, this.#context);
    if (trust.trusted || trust.kind === 'untrusted' || trust.code !== 'ENOENT') return this.#read(name, at);
    this.#context.report.add({
      code: 'xinetd/include',
      at,
      message: `Cannot include ${quote(name)}: ${trust.reason}`,
    });
    return MISSING;
  }

  /** The files of an `includedir`, in the order in which xinetd reads them. */
  list(directory: string, at: Problem['at']): Found<readonly string[]> {
    if (!isAbsolute(directory)) return this.#refuse(directory, at);
    const subject = `Cannot include ${quote(directory)}`;
    this.#context.sightings?.glob(directory, posix.join(directory, '*'));
    const trust = checkTrust(directory, this.#context);
    if (!trust.trusted) {
      const isMissing = trust.kind === 'unreadable' && trust.code === 'ENOENT';
      const code = isMissing
        ? 'xinetd/include'
        : trust.kind === 'untrusted'
          ? 'config/untrusted-path'
          : 'config/unreadable';
      this.#context.report.add({ code, at, message: `${subject}: ${trust.reason}` });
      return isMissing ? MISSING : REFUSED;
    }
    try {
      return { kind: 'found', value: this.#select(directory, readdirSync(trust.path), at) };
    } catch (error) {
      const code = errnoOf(error);
      this.#context.report.add({ code: 'config/unreadable', at, message: `${subject}: ${code}` });
      return REFUSED;
    }
  }

  /** The daemon has another working directory than the one who wrote that. */
  #refuse(name: string, at: Problem['at']): typeof REFUSED {
    const message = `Cannot include ${quote(name)}: the path must be absolute`;
    this.#context.report.add({ code: 'xinetd/include', at, message });
    return REFUSED;
  }

  #read(name: string, at: Problem['at']): Found<ForeignFile> {
    const file = readTrustedForeign(name, { ...this.#context, at });
    if (!file) return REFUSED;
    if (!this.#seen.has(file.path)) {
      this.#seen.add(file.path);
      return { kind: 'found', value: file };
    }
    const message = `Cannot read ${quote(name)} again: it is part of this configuration already`;
    this.#context.report.add({ code: 'xinetd/include', at, message });
    return MISSING;
  }

  #select(directory: string, names: readonly string[], at: Problem['at']): readonly string[] {
    const skipped = names.filter(isSkipped);
    if (skipped.length > 0) this.#warnOfNames(directory, skipped.toSorted(byBytes), at);
    const others = names.filter((name) => !isSkipped(name)).toSorted(byBytes);
    return others.map((name) => posix.join(directory, name)).filter((path) => this.#isFile(path, at));
  }

  #warnOfNames(directory: string, names: readonly string[], at: Problem['at']): void {
    const shown = names.slice(0, MOST_NAMES).map(quote).join(', ');
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    const message = `Skipped ${shown}${more} in ${quote(directory)}, as xinetd does: a name there has no dot, and no "~" at its end`;
    this.#context.report.add({ code: 'xinetd/skipped-file', at, message });
  }

  #isFile(path: string, at: Problem['at']): boolean {
    const stats = statsOf(path);
    if (stats?.isFile()) return true;
    const reason = stats ? 'it is not a regular file' : 'it cannot be reached';
    const message = `Skipped ${quote(path)}, as xinetd does: ${reason}`;
    this.#context.report.add({ code: 'xinetd/skipped-file', at, message });
    return false;
  }
}
