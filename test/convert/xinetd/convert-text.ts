import { newBudget } from '../../../src/config/budget.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import type { ForeignDocument } from '../../../src/config/foreign-format.ts';
import type { Host } from '../../../src/config/host.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import type { ForeignFile } from '../../../src/config/read.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { entryOf, mapNode } from '../../../src/convert/tree.ts';
import { completeEntries } from '../../../src/convert/xinetd/complete-entries.ts';
import { convertFiles } from '../../../src/convert/xinetd/convert-files.ts';
import { FileWalker, type IncludedFiles } from '../../../src/convert/xinetd/file-walker.ts';

type Values = Readonly<Record<string, unknown>>;

export interface Converted extends ForeignDocument {
  readonly diagnostics: readonly Diagnostic[];
  /** Services by name, as plain values. */
  readonly services: Readonly<Record<string, Values>>;
  readonly disabledServices: Readonly<Record<string, Values>>;
  /** `line:column code` of each diagnostic, with the file before it where that is another. */
  readonly places: readonly string[];
}

function fileOf(path: string, text: string, isUtf8 = true): ForeignFile {
  return { path, source: makeSource(path, text), isUtf8 };
}

/** Files by their paths; a path that ends in a slash is a directory. */
export function memoryFiles(files: Readonly<Record<string, string>>): IncludedFiles {
  return {
    read: (name) => {
      const text = files[name];
      return text === undefined ? { kind: 'missing' } : { kind: 'found', value: fileOf(name, text) };
    },
    list: (directory) => ({
      kind: 'found',
      value: Object.keys(files).filter((path) => path.startsWith(`${directory}/`)),
    }),
  };
}

const MAIN = 'xinetd.conf';

/** The text of one file, converted without a file system. */
export function convertText(
  text: string,
  {
    files = {},
    isUtf8 = true,
    host,
  }: {
    files?: Readonly<Record<string, string>>;
    isUtf8?: boolean;
    host?: Pick<Host, 'findPort' | 'mostFiles'>;
  } = {},
): Converted {
  const report = new Report({ leavesOut: true });
  const options = { report, budget: newBudget(), files: memoryFiles(files), host };
  const document = convertFiles([fileOf(MAIN, text, isUtf8)], options);
  const diagnostics = report.diagnostics();
  const services = document.root?.entries.get('services')?.value;
  const { disabled = [] } = document;
  const root = services ?? mapNode([], { source: makeSource('', ''), start: 0, end: 0 });
  const off = mapNode(
    disabled.map(({ key, value }) => entryOf(key, value)),
    root.place,
  );
  return {
    ...document,
    diagnostics,
    services: structuredClone(plainValue(root)) as Converted['services'],
    disabledServices: structuredClone(plainValue(off)) as Converted['services'],
    places: diagnostics.map(({ span, code }) => {
      const place = `${span.range?.line}:${span.range?.column} ${code}`;
      return span.file === MAIN ? place : `${span.file}:${place}`;
    }),
  };
}

export interface ReadEntry {
  readonly id: string;
  readonly isEnabled: boolean;
  /** `name: value value`, with `(defaults)` behind it where it is inherited. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The services of a text before they are put in our words. */
export function readEntries(
  text: string,
  files: Readonly<Record<string, string>> = {},
): readonly ReadEntry[] | undefined {
  const report = new Report({ leavesOut: true });
  const walker = new FileWalker({ report, budget: newBudget(), files: memoryFiles(files) });
  if (!walker.walk(fileOf(MAIN, text))) return undefined;
  const { drafts, defaults, lost } = walker;
  return Array.from(completeEntries({ drafts, defaults, lost, report }).values(), (entry) => ({
    id: entry.id.text,
    isEnabled: entry.isEnabled,
    attributes: Object.fromEntries(
      Array.from(entry.attributes, ([name, { values, from }]) => [
        name,
        [...values.map((value) => value.text), ...(from === 'defaults' ? ['(defaults)'] : [])].join(' '),
      ]),
    ),
  }));
}

/** A service that could run, with more lines. */
export function service(name: string, ...lines: readonly string[]): string {
  const own = [
    'type = UNLISTED',
    'socket_type = stream',
    'protocol = tcp',
    `port = ${7000 + name.length}`,
    'wait = no',
    'user = me',
    'server = /bin/cat',
  ].filter((line) => !lines.some((other) => other.split(' ', 1)[0] === line.split(' ', 1)[0]));
  return `service ${name}\n{\n${[...own, ...lines].map((line) => `\t${line}\n`).join('')}}\n`;
}

export function defaults(...lines: readonly string[]): string {
  return `defaults\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`;
}
