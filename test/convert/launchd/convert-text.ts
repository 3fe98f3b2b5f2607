import { newBudget } from '../../../src/config/budget.ts';
import type { Diagnostic } from '../../../src/config/diagnostic.ts';
import type { ForeignDocument } from '../../../src/config/foreign-format.ts';
import { plainValue } from '../../../src/config/plain-value.ts';
import { Report } from '../../../src/config/report.ts';
import { makeSource } from '../../../src/config/source.ts';
import { convertFiles } from '../../../src/convert/launchd/convert-files.ts';

type Values = Readonly<Record<string, unknown>>;

export interface Converted extends ForeignDocument {
  readonly diagnostics: readonly Diagnostic[];
  /** Services by name, as plain values. */
  readonly services: Readonly<Record<string, Values>>;
  /** `line:column code` of each diagnostic. */
  readonly places: readonly string[];
}

/** Texts of files by their names, converted without a file system. */
export function convertTexts(
  files: Readonly<Record<string, string>>,
  { isUtf8 = true }: { isUtf8?: boolean } = {},
): Converted {
  const report = new Report({ leavesOut: true });
  const sources = Object.entries(files).map(([path, text]) => ({
    path,
    source: makeSource(path, text),
    isUtf8,
  }));
  const document = convertFiles(sources, { report, budget: newBudget(), name: 'x.plist' });
  const diagnostics = report.diagnostics();
  const services = document.root?.entries.get('services')?.value;
  return {
    ...document,
    diagnostics,
    services: services ? (structuredClone(plainValue(services)) as Converted['services']) : {},
    places: diagnostics.map(({ span, code }) => `${span.range?.line}:${span.range?.column} ${code}`),
  };
}

export function convertText(text: string, options: { isUtf8?: boolean } = {}): Converted {
  return convertTexts({ 'x.plist': text }, options);
}

/** A value of JavaScript as a property list has it. */
export function plist(value: unknown): string {
  if (typeof value === 'boolean') return `<${value}/>`;
  if (typeof value === 'number')
    return Number.isInteger(value) ? `<integer>${value}</integer>` : `<real>${value}</real>`;
  if (typeof value === 'string') {
    return `<string>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</string>`;
  }
  if (Array.isArray(value)) return `<array>${value.map(plist).join('')}</array>`;
  const entries = Object.entries(value as object).filter(([, each]) => each !== undefined);
  return `<dict>${entries.map(([key, each]) => `<key>${key}</key>${plist(each)}`).join('\n')}</dict>`;
}

export const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
`;

/** A job that could run, with other keys; undefined takes one away. */
export function job(keys: Readonly<Record<string, unknown>> = {}): string {
  const own = {
    Label: 'x',
    UserName: 'me',
    ProgramArguments: ['/bin/cat'],
    Sockets: { Listeners: { SockServiceName: '7001' } },
    inetdCompatibility: { Wait: false },
  };
  return `${HEAD}<plist version="1.0">\n${plist({ ...own, ...keys })}\n</plist>\n`;
}
