import { readdirSync } from 'node:fs';
import { posix, resolve as resolvePath } from 'node:path';
import { InvariantError } from '../model/errors.ts';
import type { Budget } from './budget.ts';
import { parseInclude } from './include-pattern.ts';
import { quote } from './quote.ts';
import { type ReadFile, readTrusted } from './read.ts';
import type { Report } from './report.ts';
import type { Setting } from './settings.ts';
import type { Place } from './source.ts';
import { checkTrust } from './trust.ts';

interface Context {
  readonly ownerUid: number;
  readonly report: Report;
  readonly budget: Budget;
  readonly main: ReadFile;
}

/** The names in a directory that only root and the owner write to, sorted; undefined after a report. */
function listDirectory(
  directory: string,
  options: { context: Context; at: Place; text: string },
): string[] | undefined {
  const { context, at } = options;
  const trust = checkTrust(resolvePath(directory), context);
  const subject = `Cannot include ${quote(options.text)}`;
  if (!trust.trusted) {
    const missing = trust.kind === 'unreadable' && trust.code === 'ENOENT';
    const code = missing
      ? 'config/include-missing'
      : trust.kind === 'untrusted'
        ? 'config/untrusted-path'
        : 'config/unreadable';
    const message = `${subject}: ${missing ? `directory ${quote(directory)} does not exist` : trust.reason}`;
    return void context.report.add({ code, at, message });
  }
  try {
    return readdirSync(trust.path).sort();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return void context.report.add({ code: 'config/unreadable', at, message: `${subject}: ${code}` });
  }
}

/** The paths that one item of `include` stands for. */
function expand(text: string, options: { readonly context: Context; readonly at: Place }): readonly string[] {
  const { context, at } = options;
  const pattern = parseInclude(text, context.main.source.name);
  switch (pattern.kind) {
    case 'invalid': {
      const message = `Cannot include ${quote(text)}: ${pattern.reason}`;
      context.report.add({ code: 'config/include', at, message });
      return [];
    }
    case 'file':
      return [pattern.path];
    case 'glob': {
      const names = listDirectory(pattern.directory, { context, at, text }) ?? [];
      return names.filter(pattern.matches).map((name) => posix.join(pattern.directory, name));
    }
  }
}

/** Every included file once, in the order of `include`, the files of one pattern sorted by name. */
export function readIncludes(includes: readonly Setting<string>[], context: Context): readonly ReadFile[] {
  const files = new Map<string, ReadFile>();
  for (const { value, node } of includes) {
    if (!node) throw new InvariantError('Met an include that nobody wrote');
    const at = node.place;
    for (const name of expand(value, { context, at })) {
      const file = readTrusted(name, { ...context, at });
      if (file?.path === context.main.path) {
        const message = `Cannot include ${quote(value)}: it takes in the including file itself`;
        context.report.add({ code: 'config/include', at, message });
      } else if (file && !files.has(file.path)) files.set(file.path, file);
    }
  }
  return [...files.values()];
}
