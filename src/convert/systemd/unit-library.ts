import { quote } from '../../config/quote.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { ConvertOptions } from './convert-options.ts';
import { type ParsedFile, parseUnit } from './parse-unit.ts';
import type { Unit } from './unit.ts';
import type { FoundUnit, UnitFinder } from './unit-finder.ts';
import type { UnitName } from './unit-name.ts';

interface ReadUnit {
  readonly found: FoundUnit;
  readonly unit: Unit | undefined;
}

/** Reads units with their drop-ins, each file once. */
export class UnitLibrary {
  readonly #finder: UnitFinder;
  readonly #options: ConvertOptions;
  readonly #units = new Map<string, ReadUnit>();
  readonly #files = new Map<string, { file: ForeignFile; parsed: ParsedFile } | undefined>();
  #isOver = false;

  constructor(finder: UnitFinder, options: ConvertOptions) {
    this.#finder = finder;
    this.#options = options;
  }

  /** The report says why nothing can go on. */
  get isOver(): boolean {
    return this.#isOver;
  }

  get units(): readonly Unit[] {
    return Array.from(this.#units.values(), ({ unit }) => unit).filter((unit) => unit !== undefined);
  }

  isUsed(path: string): boolean {
    return [...this.#units.values()].some(({ found }) => found.path === path);
  }

  /** The unit of that name; undefined where there is none, or after a report. */
  find(name: UnitName): Unit | undefined {
    const found = this.#finder.find(name);
    return found && this.read(found);
  }

  read(found: FoundUnit): Unit | undefined {
    const known = this.#units.get(found.name.full);
    if (known) return known.unit;
    const unit = this.#isMasked(found) ? undefined : this.#readUnit(found);
    this.#units.set(found.name.full, { found, unit });
    return unit;
  }

  /** `systemctl mask` makes a link to /dev/null of it. */
  #isMasked({ name, path }: FoundUnit): boolean {
    const { disk, report } = this.#options;
    if (disk.linkOf(path) !== '/dev/null') return false;
    const message = `Left out ${quote(name.full)}: it is masked`;
    report.add({ code: 'systemd/masked', at: { file: path }, message });
    return true;
  }

  #readUnit({ name, path }: FoundUnit): Unit | undefined {
    const main = this.#readFile(path);
    if (!main) return undefined;
    const paths = this.#finder.dropIns(name);
    const dropIns = paths?.map((each) => this.#readFile(each));
    const files = [main, ...(dropIns ?? []).filter((each) => each !== undefined)];
    return {
      name,
      main: main.file,
      settings: files.flatMap(({ parsed }) => parsed.settings),
      files: files.map(({ file, parsed }) => ({ file, lines: parsed.lines })),
      // Whatever a drop-in says that cannot be read may be what keeps the unit in bounds.
      isBroken: files.some(({ parsed }) => parsed.isBroken) || !dropIns || dropIns.includes(undefined),
    };
  }

  #readFile(path: string): { file: ForeignFile; parsed: ParsedFile } | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const file = this.#isOver ? undefined : this.#options.disk.read(path, { file: path });
    const parsed = file && parseUnit(file, this.#options);
    if (file && !parsed) this.#isOver = true;
    const read = file && parsed && { file, parsed };
    this.#files.set(path, read);
    return read;
  }
}
