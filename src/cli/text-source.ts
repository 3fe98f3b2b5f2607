import { CONFIG_VARIABLE } from '../model/config-variable.ts';
import { UsageError } from '../model/errors.ts';

/** A source that is a text. */
export interface TextSource {
  readonly name: string;
  readonly text: string;
}

/** What Node makes of bytes that are not UTF-8. */
const REPLACED = '\uFFFD';

/** The configuration that the environment has; undefined if it has none. Throws UsageError for what is none. */
export function configVariable(environment: NodeJS.ProcessEnv): TextSource | undefined {
  const { [CONFIG_VARIABLE]: text } = environment;
  if (text === undefined) return undefined;
  if (text.trim() === '') {
    throw new UsageError(`Cannot use ${CONFIG_VARIABLE}: it is empty\n   help: unset it to have a file read`);
  }
  if (text.includes(REPLACED)) throw new UsageError(`Cannot use ${CONFIG_VARIABLE}: it is not UTF-8 text`);
  return { name: CONFIG_VARIABLE, text };
}

/** What to tell of a configuration in the environment that is not read, since `instead` is; undefined if there is none. */
export function unreadVariable(environment: NodeJS.ProcessEnv, instead: string): string | undefined {
  if (environment[CONFIG_VARIABLE] === undefined) return undefined;
  return `${CONFIG_VARIABLE} is not read: ${instead} says what is served`;
}
