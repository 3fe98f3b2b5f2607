import { Buffer } from 'node:buffer';
import { posix } from 'node:path';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import type { Disk } from './disk.ts';
import { dropInsOf, parseUnitName, templateOf, type UnitName } from './unit-name.ts';

/** A unit, and where it stands. */
export interface FoundUnit {
  readonly name: UnitName;
  /** As the user knows it. */
  readonly path: string;
}

interface FinderContext {
  readonly disk: Disk;
  readonly report: Report;
}

/** Of what is skipped, as many are named. */
const MOST_NAMES = 3;

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** A build makes `x.socket` of `x.socket.in`. */
function unitNameOf(path: string): UnitName | undefined {
  return parseUnitName(posix.basename(path).replace(/\.in$/, ''));
}

/** Knows which units there are, in the order in which directories and files are named: the first of a name counts. */
export class UnitFinder {
  readonly #context: FinderContext;
  readonly #directories: string[] = [];
  readonly #sockets = new Map<string, FoundUnit>();
  /** Services that are named themselves. */
  readonly #services = new Map<string, FoundUnit>();

  constructor(paths: readonly string[], context: FinderContext) {
    this.#context = context;
    for (const path of paths) this.#take(path);
  }

  get sockets(): readonly FoundUnit[] {
    return [...this.#sockets.values()];
  }

  get services(): readonly FoundUnit[] {
    return [...this.#services.values()];
  }

  /** The file of a unit, or that of its template. */
  find(name: UnitName): FoundUnit | undefined {
    const names = name.instance ? [name.full, templateOf(name)] : [name.full];
    for (const each of names) {
      const named = this.#services.get(each);
      if (named) return { ...named, name };
      for (const file of [each, `${each}.in`]) {
        const directory = this.#directories.find((one) => this.#isThere(posix.join(one, file)));
        const path = directory === undefined ? undefined : posix.join(directory, file);
        if (path !== undefined) return { name, path };
      }
    }
    return undefined;
  }

  /** The files of a unit's drop-ins, in the order in which systemd reads them; undefined after a report. */
  dropIns(name: UnitName): readonly string[] | undefined {
    const found = new Map<string, string>();
    for (const below of dropInsOf(name)) {
      for (const directory of this.#directories) {
        const path = posix.join(directory, below);
        if (this.#context.disk.kindOf(path) !== 'directory') continue;
        const files = this.#context.disk.list(path);
        if (!files) return undefined;
        for (const file of files) {
          if (file.endsWith('.conf') && !found.has(file)) found.set(file, posix.join(path, file));
        }
      }
    }
    return [...found.keys()].toSorted(byBytes).map((file) => found.get(file) ?? file);
  }

  #isThere(path: string): boolean {
    return this.#context.disk.kindOf(path) !== undefined;
  }

  #take(path: string): void {
    if (this.#context.disk.kindOf(path) === 'directory') this.#takeDirectory(path);
    else this.#takeFile(path);
  }

  #takeDirectory(directory: string): void {
    this.#search(directory);
    const names = (this.#context.disk.list(directory) ?? []).toSorted(byBytes);
    const skipped: string[] = [];
    for (const file of names) {
      const name = unitNameOf(file);
      if (name?.type === 'socket') this.#add({ name, path: posix.join(directory, file) });
      else if (!name && !file.endsWith('.d')) skipped.push(file);
    }
    this.#warnOfNames(directory, skipped);
  }

  #takeFile(path: string): void {
    const name = unitNameOf(path);
    if (!name) {
      const message = `Skipped ${quote(path)}: it is no ".socket" and no ".service"`;
      this.#context.report.add({ code: 'systemd/skipped-file', at: { file: path }, message });
      return;
    }
    this.#search(posix.dirname(path));
    if (name.type === 'socket') this.#add({ name, path });
    else if (!this.#services.has(name.full)) this.#services.set(name.full, { name, path });
  }

  /** What `systemctl enable` makes is a link to where the service stands, too. */
  #add(unit: FoundUnit): void {
    const target = this.#context.disk.linkOf(unit.path);
    if (target !== undefined && target !== '/dev/null') this.#search(posix.dirname(target));
    const first = this.#sockets.get(unit.name.full);
    if (!first) {
      this.#sockets.set(unit.name.full, unit);
      return;
    }
    const message = `Skipped ${quote(unit.path)}, as systemd does: ${quote(first.path)} has its name and comes first`;
    this.#context.report.add({ code: 'systemd/skipped-file', at: { file: unit.path }, message });
  }

  #search(directory: string): void {
    if (!this.#directories.includes(directory)) this.#directories.push(directory);
  }

  #warnOfNames(directory: string, names: readonly string[]): void {
    if (names.length === 0) return;
    const listed = names.slice(0, MOST_NAMES).map(quote).join(', ');
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    const message = `Skipped ${listed}${more} in ${quote(directory)}: no ".socket" and no ".service"`;
    this.#context.report.add({ code: 'systemd/skipped-file', at: { file: directory }, message });
  }
}
