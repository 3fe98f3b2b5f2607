import type { Argv } from 'yargs';
import type { ConfigSource } from '../config/load.ts';
import { DIALECT_NAMES, type DialectName } from '../convert/inetd/dialect.ts';
import { readInetd } from '../convert/inetd/read-inetd.ts';
import { UsageError } from '../model/errors.ts';

/** What a configuration can be written in besides our own format. */
export const FOREIGN_FORMATS = ['inetd'] as const;

export type ForeignName = (typeof FOREIGN_FORMATS)[number];

/** Which files are read, and how: what can be told to another process. */
export type SourceNames =
  | { readonly path: string }
  | {
      readonly paths: readonly string[];
      readonly format: ForeignName;
      readonly dialect: DialectName | undefined;
    };

export interface FormatOptions {
  /** Several of another program's; otherwise one. */
  readonly config: string | readonly string[];
  readonly format: 'native' | ForeignName;
  readonly dialect: DialectName | undefined;
}

/** `--config`, `--format` and `--dialect`. */
export function addFormatOptions<T>(yargs: Argv<T>, defaultPath: string): Argv<T & FormatOptions> {
  return yargs
    .option('config', {
      alias: 'c',
      type: 'string',
      requiresArg: true,
      default: defaultPath,
      describe: 'The configuration file',
    })
    .option('format', {
      choices: ['native', ...FOREIGN_FORMATS] as const,
      default: 'native' as const,
      describe: 'What it is written in',
    })
    .option('dialect', {
      choices: DIALECT_NAMES,
      requiresArg: true,
      describe: 'Whose inetd.conf it is, if it cannot be told',
    }) as unknown as Argv<T & FormatOptions>;
}

/** Throws UsageError for what does not go together. */
export function sourceNames(
  { config, format, dialect }: FormatOptions,
  resolvePath: (path: string) => string = (path) => path,
): SourceNames {
  const paths = [config].flat().map(resolvePath);
  if (format !== 'native') return { paths, format, dialect };
  if (dialect !== undefined) throw new UsageError('Cannot use "--dialect" without "--format inetd"');
  const [path, second] = paths;
  if (path === undefined || second !== undefined) {
    throw new UsageError('Cannot use "--config" more than once: name further files in "include"');
  }
  return { path };
}

/** What `loadConfig` takes. */
export function configSource(names: SourceNames): ConfigSource {
  if ('path' in names) return names;
  const { paths, dialect } = names;
  return { paths, format: (files, context) => readInetd(files, { ...context, dialect }) };
}
