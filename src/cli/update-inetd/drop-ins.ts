import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../config/quote.ts';
import { SyscallError } from '../../model/errors.ts';

/** A file that a package had written for a service of its own. */
export interface DropIn {
  /** Without the ending. */
  readonly name: string;
  readonly isOn: boolean;
  /** The line of an inetd.conf that it was made of. */
  readonly entry: string;
}

const ON = '.yaml';
/** A name that no `include: services.d/*.yaml` takes in. */
const OFF = '.yaml.off';
const ENTRY = /^# inetd: (.+)$/m;

function attempt<T>(call: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new SyscallError({ call, code, subject: quote(path) });
  }
}

/**
 * The files of a directory that packages add services to, switch them on and off, and take them away. What is off has
 * another ending, so that what people write into a file is theirs. All of it throws SyscallError.
 */
export class DropIns {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Those that were made of an entry, by name; what else is there is nobody's here. */
  all(): readonly DropIn[] {
    const names = attempt('read', this.#directory, () => readdirSync(this.#directory).sort());
    return names.flatMap((file): readonly DropIn[] => {
      const ending = [OFF, ON].find((each) => file.endsWith(each) && !file.startsWith('.'));
      const entry = ending && ENTRY.exec(this.#read(file))?.[1];
      return ending && entry ? [{ name: file.slice(0, -ending.length), isOn: ending === ON, entry }] : [];
    });
  }

  add(name: string, text: string): void {
    const [path, hidden] = [this.#path(name, true), join(this.#directory, `.${name}.new`)];
    attempt('write', path, () => {
      writeFileSync(hidden, text, { mode: 0o644 });
      renameSync(hidden, path);
    });
  }

  /** Whether there is a file of that name, whoever made it. */
  has(name: string): boolean {
    const names = attempt('read', this.#directory, () => readdirSync(this.#directory));
    return names.includes(name + ON) || names.includes(name + OFF);
  }

  switch({ name, isOn }: DropIn): void {
    const [from, to] = [this.#path(name, isOn), this.#path(name, !isOn)];
    attempt('rename', from, () => renameSync(from, to));
  }

  remove({ name, isOn }: DropIn): void {
    const path = this.#path(name, isOn);
    attempt('remove', path, () => rmSync(path));
  }

  #path(name: string, isOn: boolean): string {
    return join(this.#directory, name + (isOn ? ON : OFF));
  }

  #read(file: string): string {
    const path = join(this.#directory, file);
    return attempt('read', path, () => readFileSync(path, 'utf8'));
  }
}
