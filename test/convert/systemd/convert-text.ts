import { posix } from 'node:path';
import { newBudget } from '../../../src/config/budget.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import type { ForeignDocument } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertUnits } from '../../../src/convert/systemd/convert-units.ts';
import type { Disk } from '../../../src/convert/systemd/disk.ts';
import { mapNode } from '../../../src/convert/tree.ts';

type Values = Readonly<Record<string, unknown>>;
type Files = Readonly<Record<string, string>>;

export interface Converted extends ForeignDocument {
  readonly diagnostics: readonly Diagnostic[];
  /** Services by name, as plain values. */
  readonly services: Readonly<Record<string, Values>>;
  /** `file:line:column code` of each diagnostic. */
  readonly places: readonly string[];
  readonly codes: readonly string[];
}

/** Files by their absolute paths; those that begin with `->` are links. */
export function memoryDisk(files: Files, isUtf8 = true): Disk {
  const paths = Object.keys(files);
  const isDirectory = (path: string): boolean => paths.some((each) => each.startsWith(`${path}/`));
  const target = (path: string): string => files[path]?.replace(/^->/, '') ?? '';
  const linkOf = (path: string): string | undefined =>
    files[path]?.startsWith('->') ? target(path) : undefined;
  return {
    kindOf: (path) => {
      if (isDirectory(path)) return 'directory';
      return path in files ? 'file' : undefined;
    },
    list: (directory) => [
      ...new Set(
        paths
          .filter((path) => path.startsWith(`${directory}/`))
          .map((path) => path.slice(directory.length + 1).split('/')[0] ?? ''),
      ),
    ],
    linkOf,
    read: (path) => {
      const text = files[linkOf(path) ?? path];
      return text === undefined ? undefined : { path, source: makeSource(path, text), isUtf8 };
    },
  };
}

/** Units in files of memory. */
export function convertFiles(
  files: Files,
  { paths = ['/u'], isUtf8 = true }: { paths?: readonly string[]; isUtf8?: boolean } = {},
): Converted {
  const report = new Report({ leavesOut: true });
  const options = { report, budget: newBudget(), disk: memoryDisk(files, isUtf8) };
  const document = convertUnits(paths, options);
  const diagnostics = report.diagnostics();
  const node = document.root?.entries.get('services')?.value;
  const services = node ?? mapNode([], { source: makeSource('', ''), start: 0, end: 0 });
  return {
    ...document,
    diagnostics,
    services: structuredClone(plainValue(services)) as Converted['services'],
    codes: diagnostics.map(({ code }) => code.replace('systemd/', '')),
    places: diagnostics.map(({ span, code }) => {
      const { line, column } = span.range ?? { line: '-', column: '-' };
      return `${posix.basename(span.file)}:${line}:${column} ${code.replace('systemd/', '')}`;
    }),
  };
}

function hasKey(lines: readonly string[], key: string): boolean {
  return lines.some((line) => line.startsWith(key));
}

export function socketUnit(...lines: readonly string[]): string {
  const listen = hasKey(lines, 'Listen') ? [] : ['ListenStream=7000'];
  const accept = hasKey(lines, 'Accept=') ? [] : ['Accept=yes'];
  return ['[Socket]', ...listen, ...accept, ...lines, ''].join('\n');
}

export function serviceUnit(...lines: readonly string[]): string {
  const start = hasKey(lines, 'ExecStart=') ? [] : ['ExecStart=/bin/cat'];
  const input = hasKey(lines, 'StandardInput=') ? [] : ['StandardInput=socket'];
  return ['[Service]', ...start, ...input, ...lines, ''].join('\n');
}

/** A service of `Accept=yes` that could run, with more lines in either unit. */
export function convertPair(
  { socket = [], service = [] }: { socket?: readonly string[]; service?: readonly string[] },
  files: Files = {},
): Converted & { readonly it: Values } {
  const accepts = !hasKey(socket, 'Accept=no');
  const converted = convertFiles({
    '/u/it.socket': socketUnit(...socket),
    [accepts ? '/u/it@.service' : '/u/it.service']: serviceUnit(...service),
    ...files,
  });
  return { ...converted, it: converted.services['it'] ?? {} };
}
