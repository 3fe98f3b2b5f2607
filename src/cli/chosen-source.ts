import { CONFIG_VARIABLE } from '../model/config-variable.ts';
import { UsageError } from '../model/errors.ts';
import { type FormatOptions, type SourceNames, sourceNames } from './format-options.ts';
import { printError } from './print.ts';
import { configVariable, unreadVariable } from './text-source.ts';

/** Throws UsageError where the option would have no effect. */
function refuseFormat({ format }: FormatOptions): void {
  if (format === 'native') return;
  const message = `Cannot use "--format ${format}" for ${CONFIG_VARIABLE}: its text is a native document`;
  throw new UsageError(`${message}\n   help: name the file by "--config"`);
}

/**
 * What is read: the file that `--config` names, else the text in the environment, else the file that there usually
 * is. Warns of a text that is not read. Throws UsageError for what does not go together.
 */
export function chosenSource(options: FormatOptions, resolvePath?: (path: string) => string): SourceNames {
  const names = sourceNames(options, resolvePath);
  if (options.config !== undefined) {
    const unread = unreadVariable(process.env, '"--config"');
    if (unread !== undefined) printError(`zinetd: warning: ${unread}\n`);
    return names;
  }
  const text = configVariable(process.env);
  if (text) refuseFormat(options);
  return text ?? names;
}
