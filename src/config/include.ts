import { InvariantError } from '../model/errors.ts';
import type { Budget } from './budget.ts';
import { expandInclude } from './expand-include.ts';
import { quote } from './quote.ts';
import { type ReadFile, readTrusted } from './read.ts';
import type { Report } from './report.ts';
import type { Setting } from './settings.ts';
import type { Sightings } from './sightings.ts';

interface Context {
  readonly ownerUid: number;
  readonly report: Report;
  readonly budget: Budget;
  readonly main: ReadFile;
  readonly sightings: Sightings;
}

/** Every included file once, in the order of `include`, the files of one pattern sorted by name. */
export function readIncludes(includes: readonly Setting<string>[], context: Context): readonly ReadFile[] {
  const files = new Map<string, ReadFile>();
  const includingFile = context.main.source.name;
  for (const { value, node } of includes) {
    if (!node) throw new InvariantError('Met an include that nobody wrote');
    const at = node.place;
    for (const name of expandInclude(value, { ...context, includingFile, at })) {
      const file = readTrusted(name, { ...context, at });
      if (file?.path === context.main.path) {
        const message = `Cannot include ${quote(value)}: it takes in the including file itself`;
        context.report.add({ code: 'config/include', at, message });
      } else if (file && !files.has(file.path)) files.set(file.path, file);
    }
  }
  return [...files.values()];
}
