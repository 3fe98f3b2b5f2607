import type { Diagnostic } from './diagnostic.ts';
import type { ConfigSource } from './load.ts';

/** What a reload says of a configuration that is a text: only what it names can have changed. */
export function readOnce(source: ConfigSource): readonly Diagnostic[] {
  if (!('text' in source)) return [];
  return [
    {
      code: 'config/read-once',
      severity: 'warning',
      message: 'Cannot read the configuration again: it is not a file',
      span: { file: source.name, range: undefined },
      related: [],
      help: 'restart zinetd to change it; files that it names were read again',
    },
  ];
}
