import type { AskedRules } from './asked-rules.ts';
import type { ChainContext } from './chain-context.ts';
import { knownText, lastOption, type OptionWord } from './option-words.ts';

/**
 * The rules of `-i directory` or `-x database`; "none" for a server that asks none, and undefined after a report: without
 * its rules a server would be open.
 */
export function askRules(
  options: readonly OptionWord[],
  { files, set, report }: ChainContext,
): AskedRules | 'none' | undefined {
  const directory = lastOption(options, 'i')?.value;
  const at = directory ?? lastOption(options, 'x')?.value;
  if (!at) return 'none';
  const path = knownText(at, report);
  if (path === undefined) return undefined;
  return files.findRules(directory ? 'directory' : 'cdb', { path: files.resolve(path, set.cwd?.text), at });
}
