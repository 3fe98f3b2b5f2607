import { newBudget } from '../../../src/config/budget.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import type { ForeignDocument } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import type { ForeignFile } from '../../../src/config/read.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertFiles } from '../../../src/convert/rlinetd/convert-files.ts';
import type { DirectoryFiles } from '../../../src/convert/rlinetd/directory-files.ts';
import { entryOf, mapNode } from '../../../src/convert/tree.ts';

type Values = Readonly<Record<string, unknown>>;

export interface Converted extends ForeignDocument {
  readonly diagnostics: readonly Diagnostic[];
  /** Services by name, as plain values. */
  readonly services: Readonly<Record<string, Values>>;
  readonly disabledServices: Readonly<Record<string, Values>>;
  /** `line:column code` of each diagnostic, with the file before it where that is another. */
  readonly places: readonly string[];
}

const MAIN = 'rlinetd.conf';

function fileOf(path: string, text: string, isUtf8 = true): ForeignFile {
  return { path, source: makeSource(path, text), isUtf8 };
}

/** Files by their paths, which are in directories by their beginnings. */
export function memoryFiles(files: Readonly<Record<string, string>>): DirectoryFiles {
  return {
    read: (name) => {
      const text = files[name];
      return text === undefined ? { kind: 'missing' } : { kind: 'found', value: fileOf(name, text) };
    },
    list: (directory, isMeant) => {
      const names = Object.keys(files).filter((path) => path.startsWith(`${directory}/`));
      const value = names.filter((path) => isMeant(path.slice(directory.length + 1)));
      return { kind: 'found', value };
    },
  };
}

/** The text of one file, converted without a file system. */
export function convertText(
  text: string,
  { files = {}, isUtf8 = true }: { files?: Readonly<Record<string, string>>; isUtf8?: boolean } = {},
): Converted {
  const report = new Report({ leavesOut: true });
  const options = { report, budget: newBudget(), files: memoryFiles(files), name: MAIN };
  const document = convertFiles([fileOf(MAIN, text, isUtf8)], options);
  const diagnostics = report.diagnostics();
  const nowhere = { source: makeSource('', ''), start: 0, end: 0 };
  const services = document.root?.entries.get('services')?.value ?? mapNode([], nowhere);
  const off = mapNode(
    (document.disabled ?? []).map(({ key, value }) => entryOf(key, value)),
    nowhere,
  );
  return {
    ...document,
    diagnostics,
    services: structuredClone(plainValue(services)) as Converted['services'],
    disabledServices: structuredClone(plainValue(off)) as Converted['services'],
    places: diagnostics.map(({ span, code }) => {
      const place = `${span.range?.line}:${span.range?.column} ${code}`;
      return span.file === MAIN ? place : `${span.file}:${place}`;
    }),
  };
}

/** A service that could run, with more directives. */
export function service(name: string, ...lines: readonly string[]): string {
  const own = [`port ${7000 + name.length};`, 'user "me";', 'exec "/bin/cat";'].filter(
    (line) => !lines.some((other) => other.split(' ', 1)[0] === line.split(' ', 1)[0]),
  );
  return `service "${name}" {\n${[...own, ...lines].map((line) => `\t${line}\n`).join('')}}\n`;
}

/** What one service becomes, and the codes of what is said about it. */
export function convertOne(...lines: readonly string[]): {
  service: Values | undefined;
  codes: readonly string[];
} {
  const { services, diagnostics } = convertText(service('x', ...lines));
  return { service: services['x'], codes: diagnostics.map(({ code }) => code) };
}
