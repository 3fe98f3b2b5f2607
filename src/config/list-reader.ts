import type { ListedPrefixes } from '../model/resolved-list.ts';
import type { Budget } from './budget.ts';
import type { Host } from './host.ts';
import { parseListFile } from './list-file.ts';
import { quote } from './quote.ts';
import { readTrustedList, readTrustedSecret } from './read.ts';
import type { Report } from './report.ts';
import type { Sightings } from './sightings.ts';
import type { Place } from './source.ts';
import { checkTrust } from './trust.ts';

/**
 * Reads the files that access lists name, each once. One that cannot be read, or has a line that is none, is an
 * error: a list that is not there must not become a service that is open (S44).
 */
export class ListReader {
  readonly #host: Host;
  readonly #report: Report;
  readonly #budget: Budget;
  readonly #files = new Map<string, ListedPrefixes | undefined>();
  readonly #texts = new Map<string, string | undefined>();
  readonly #contents = new Map<string, Uint8Array | undefined>();
  readonly #sightings: Sightings;

  constructor(options: {
    readonly host: Host;
    readonly report: Report;
    readonly budget: Budget;
    readonly sightings: Sightings;
  }) {
    this.#host = options.host;
    this.#report = options.report;
    this.#budget = options.budget;
    this.#sightings = options.sightings;
  }

  /** Whether nothing is at the path: for files that need not be there, and are watched for nevertheless. */
  isMissing(path: string): boolean {
    this.#sightings.side(path);
    const trust = checkTrust(path, { ownerUid: this.#host.ownerUid });
    return !trust.trusted && trust.kind === 'unreadable' && trust.code === 'ENOENT';
  }

  /** A file as it is, the same bytes for all who ask; undefined after a report. */
  readBytes(path: string, at: Place): Uint8Array | undefined {
    if (!this.#contents.has(path)) this.#contents.set(path, this.#bytes(path, at));
    return this.#contents.get(path);
  }

  /** A file of rules as text, a character for each byte; undefined after a report. */
  readText(path: string, at: Place): string | undefined {
    if (!this.#texts.has(path)) {
      const bytes = this.readBytes(path, at);
      this.#texts.set(path, bytes && Buffer.from(bytes).toString('latin1'));
    }
    return this.#texts.get(path);
  }

  /** A file that is nobody's but those who asked, so that each has its own copy; undefined after a report. */
  readSecret(path: string, at: Place): Uint8Array | undefined {
    this.#sightings.side(path);
    return readTrustedSecret(path, this.#contextAt(at));
  }

  #bytes(path: string, at: Place): Uint8Array | undefined {
    this.#sightings.side(path);
    return readTrustedList(path, this.#contextAt(at));
  }

  #contextAt(at: Place): Parameters<typeof readTrustedList>[1] {
    return { ownerUid: this.#host.ownerUid, report: this.#report, budget: this.#budget, at };
  }

  /** The prefixes of a file; undefined after a report. */
  read(path: string, at: Place): ListedPrefixes | undefined {
    if (!this.#files.has(path)) this.#files.set(path, this.#load(path, at));
    return this.#files.get(path);
  }

  #load(path: string, at: Place): ListedPrefixes | undefined {
    const bytes = this.#bytes(path, at);
    if (!bytes) return undefined;
    const { list, faults, faultCount } = parseListFile(bytes);
    for (const { line, text, reason, help } of faults) {
      const message = `Cannot use ${quote(text)} in line ${line} of ${quote(path)}: ${reason}`;
      this.#report.add({ code: 'config/list-line', at, message, help });
    }
    if (faultCount > faults.length) {
      const message = `Cannot use ${faultCount - faults.length} more lines of ${quote(path)}`;
      this.#report.add({ code: 'config/list-line', at, message });
    }
    return faultCount === 0 ? { file: path, list } : undefined;
  }
}
