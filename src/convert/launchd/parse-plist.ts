import type { Budget } from '../../config/budget.ts';
import { MOST_NODES } from '../../config/budget.ts';
import type { ForeignFile } from '../../config/read.ts';
import type { Problem, Report } from '../../config/report.ts';
import { PlistBuilder } from './plist-builder.ts';
import type { PlistDict } from './plist-node.ts';
import { readXml, type XmlFault } from './read-xml.ts';

const CODES = {
  syntax: 'launchd/syntax',
  doctype: 'launchd/doctype',
  encoding: 'launchd/not-utf8',
} as const;

const HELP = {
  syntax: undefined,
  doctype: 'name the document type of Apple, or none: it is never fetched',
  encoding: 'convert the file with iconv(1), and declare it as UTF-8',
} as const;

/** What is not read at all: other forms of property lists, and other encodings. */
function formFault({ source, isUtf8 }: ForeignFile): Problem | undefined {
  const { name: file, text } = source;
  if (text.startsWith('bplist')) {
    const message = 'Cannot read the property list: it is a binary one';
    const help = 'convert it on macOS with "plutil -convert xml1 FILE", or with plistutil(1)';
    return { code: 'launchd/binary', at: { file }, message, help };
  }
  if (!isUtf8 || text.includes('\0')) {
    const message = 'Cannot read the property list: it is not UTF-8 text';
    return { code: 'launchd/not-utf8', at: { file }, message, help: 'convert the file with iconv(1)' };
  }
  if (!/^\s*[{(]/.test(text.slice(0, 4096))) return undefined;
  const message = 'Cannot read the property list: it is not written in XML';
  const help = 'convert it on macOS with "plutil -convert xml1 FILE"';
  return { code: 'launchd/syntax', at: { source, start: 0, end: 1 }, message, help };
}

function problemOf({ kind, reason, at }: XmlFault): Problem {
  return { code: CODES[kind], at, message: `Cannot read the property list: ${reason}`, help: HELP[kind] };
}

/** The dictionary of a file; undefined after a report. */
export function parsePlist(
  file: ForeignFile,
  { report, budget }: { readonly report: Report; readonly budget: Budget },
): PlistDict | undefined {
  const other = formFault(file);
  if (other) return void report.add(other);
  const builder = new PlistBuilder(budget.nodes);
  const fault = readXml(file.source, builder);
  budget.nodes = builder.left;
  if (builder.left < 0) {
    const message = `Cannot read more than ${MOST_NODES} values, all files counted in`;
    return void report.add({ code: 'config/too-many-nodes', at: { file: file.source.name }, message });
  }
  if (fault) return void report.add(problemOf(fault));
  const { root } = builder;
  if (root?.type === 'dict') return root;
  const at = root?.place ?? { file: file.source.name };
  const message = 'Cannot read the property list: a job is a "dict"';
  return void report.add({ code: 'launchd/syntax', at, message });
}
