import { readdirSync } from 'node:fs';
import { posix, resolve as resolvePath } from 'node:path';
import { errnoOf } from '../model/errno-of.ts';
import { parseInclude } from './include-pattern.ts';
import { quote } from './quote.ts';
import type { Problem, Report } from './report.ts';
import type { Sightings } from './sightings.ts';
import { checkTrust } from './trust.ts';

interface Context {
  readonly ownerUid: number;
  readonly report: Report;
  /** The file that the pattern stands in, which it is relative to. */
  readonly includingFile: string;
  readonly at: Problem['at'];
  readonly sightings?: Sightings | undefined;
}

/** The names in a directory that only root and the owner write to, sorted; undefined after a report. */
function listDirectory(
  directory: string,
  context: Context & { readonly text: string },
): string[] | undefined {
  const { at, report } = context;
  const trust = checkTrust(resolvePath(directory), context);
  const subject = `Cannot include ${quote(context.text)}`;
  if (!trust.trusted) {
    const missing = trust.kind === 'unreadable' && trust.code === 'ENOENT';
    const code = missing
      ? 'config/include-missing'
      : trust.kind === 'untrusted'
        ? 'config/untrusted-path'
        : 'config/unreadable';
    const message = `${subject}: ${missing ? `directory ${quote(directory)} does not exist` : trust.reason}`;
    return void report.add({ code, at, message });
  }
  try {
    return readdirSync(trust.path).sort();
  } catch (error) {
    const code = errnoOf(error);
    return void report.add({ code: 'config/unreadable', at, message: `${subject}: ${code}` });
  }
}

/** The paths that one pattern stands for, sorted by name. */
export function expandInclude(text: string, context: Context): readonly string[] {
  const pattern = parseInclude(text, context.includingFile);
  switch (pattern.kind) {
    case 'invalid': {
      const message = `Cannot include ${quote(text)}: ${pattern.reason}`;
      context.report.add({ code: 'config/include', at: context.at, message });
      return [];
    }
    case 'file':
      return [pattern.path];
    case 'glob': {
      const directory = resolvePath(pattern.directory);
      context.sightings?.glob(directory, posix.join(directory, posix.basename(text)));
      const names = listDirectory(pattern.directory, { ...context, text }) ?? [];
      return names.filter(pattern.matches).map((name) => posix.join(pattern.directory, name));
    }
  }
}
