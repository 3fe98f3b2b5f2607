import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newBudget } from '../../src/config/budget.ts';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import type { ForeignDocument, ForeignFormat } from '../../src/config/foreign-format.ts';
import { plainValue } from '../../src/config/plain-value.ts';
import { Report } from '../../src/config/report.ts';
import { makeSource } from '../../src/config/source.ts';
import { validateDocument } from '../../src/config/validate.ts';
import { mapNode } from '../../src/convert/tree.ts';
import { scratch } from '../harness/scratch.ts';

type Values = Readonly<Record<string, unknown>>;

export interface ConvertedPaths extends ForeignDocument {
  readonly diagnostics: readonly Diagnostic[];
  readonly services: Readonly<Record<string, Values>>;
  readonly disabledServices: Readonly<Record<string, Values>>;
  /** `FILE:line:column code` of each, with the file below the directory. */
  readonly places: readonly string[];
  readonly codes: readonly string[];
  /** `FILE:first-last kind name`. */
  readonly lines: readonly string[];
}

/** A directory with these files, of which each has a text, or a text and a mode. */
export function filesIn(files: Readonly<Record<string, string | readonly [string, number]>>): string {
  const home = scratch('convert');
  for (const [name, content] of Object.entries(files)) {
    const path = join(home, name);
    const [text, mode] = typeof content === 'string' ? [content, 0o644] : content;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  }
  return home;
}

function plainMap(entries: Parameters<typeof mapNode>[0]): Readonly<Record<string, Values>> {
  const at = { source: makeSource('', ''), start: 0, end: 0 };
  return structuredClone(plainValue(mapNode(entries, at))) as Readonly<Record<string, Values>>;
}

/** What a format makes of files below a directory, checked as a document. */
export function convertPaths(format: ForeignFormat, home: string, paths: readonly string[]): ConvertedPaths {
  const report = new Report({ leavesOut: true });
  const context = { report, budget: newBudget(), ownerUid: process.getuid?.() ?? 0 };
  const document = format(
    paths.map((path) => join(home, path)),
    context,
  );
  if (document.root) validateDocument(document.root, { report, role: 'main' });
  const short = (file: string) => file.replace(`${home}/`, '');
  const services = document.root?.entries.get('services')?.value;
  const diagnostics = report.diagnostics();
  return {
    ...document,
    diagnostics,
    services: services?.kind === 'map' ? plainMap([...services.entries.values()]) : {},
    disabledServices: plainMap(document.disabled ?? []),
    places: diagnostics.map(({ span, code }) => {
      const at = span.range ? `:${span.range.line}:${span.range.column}` : '';
      return `${short(span.file)}${at} ${code}`;
    }),
    codes: diagnostics.map(({ code }) => code),
    lines: document.accounts.map(({ file, line, lastLine, kind, name }) =>
      `${short(file)}:${line}-${lastLine} ${kind} ${name ?? ''}`.trimEnd(),
    ),
  };
}
