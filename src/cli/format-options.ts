import type { Argv } from 'yargs';
import { DIALECT_NAMES, type DialectName } from '../convert/inetd/dialect.ts';
import { assertNever } from '../model/assert-never.ts';
import { UsageError } from '../model/errors.ts';
import { defaultConfigPath } from './default-path.ts';
import type { TextSource } from './text-source.ts';

/** What a configuration can be written in besides our own format. */
export const FOREIGN_FORMATS = [
  'inetd',
  'xinetd',
  'systemd',
  'rlinetd',
  'launchd',
  'tcprules',
  'hosts_access',
] as const;

export type ForeignName = (typeof FOREIGN_FORMATS)[number];

/** What is read, and how: what can be told to another process. */
export type SourceNames = { readonly path: string } | TextSource | ForeignNames;

export interface FormatOptions {
  /** Several of another program's, otherwise one; undefined for the one that it usually is. */
  readonly config: string | readonly string[] | undefined;
  readonly format: 'native' | ForeignName;
  readonly dialect: DialectName | undefined;
}

/** Where each program looks for its configuration unless it is told. */
function usualPath(format: FormatOptions['format']): string {
  switch (format) {
    case 'native':
      return defaultConfigPath(process.getuid?.() ?? 0, process.env);
    case 'inetd':
      return '/etc/inetd.conf';
    case 'xinetd':
      return '/etc/xinetd.conf';
    case 'systemd':
      return '/etc/systemd/system';
    case 'rlinetd':
      return '/etc/rlinetd.conf';
    case 'launchd':
      return '/Library/LaunchDaemons';
    case 'tcprules':
      return '/etc/tcp.smtp';
    case 'hosts_access':
      return '/etc/hosts.allow';
    default:
      return assertNever(format);
  }
}

/** `--config`, `--format` and `--dialect`. */
export function addFormatOptions<T>(yargs: Argv<T>): Argv<T & FormatOptions> {
  return yargs
    .option('config', {
      alias: 'c',
      type: 'string',
      requiresArg: true,
      defaultDescription: `ZINETD_CONFIG, ${usualPath('native')}, or what the other format has in /etc`,
      describe: 'The configuration file, of another program also a directory',
    })
    .option('format', {
      choices: ['native', ...FOREIGN_FORMATS] as const,
      default: 'native' as const,
      requiresArg: true,
      describe: 'What it is written in',
    })
    .option('dialect', {
      choices: DIALECT_NAMES,
      requiresArg: true,
      describe: 'Whose inetd.conf it is, if it cannot be told',
    }) as unknown as Argv<T & FormatOptions>;
}

/** Throws UsageError for a dialect of what has none. */
export function refuseDialect(format: FormatOptions['format'], dialect: DialectName | undefined): void {
  if (dialect === undefined || format === 'inetd') return;
  throw new UsageError('Cannot use "--dialect": only inetd has dialects');
}

/** Throws UsageError for what does not go together. */
export function sourceNames(
  { config, format, dialect }: FormatOptions,
  resolvePath: (path: string) => string = (path) => path,
): SourceNames {
  const named = [config ?? usualPath(format)].flat();
  // It would be the working directory.
  if (named.includes('')) throw new UsageError('Cannot use "--config": the path is empty');
  const paths = named.map(resolvePath);
  refuseDialect(format, dialect);
  if (format !== 'native') return { paths, format, dialect };
  const [path, second] = paths;
  if (path === undefined || second !== undefined) {
    throw new UsageError('Cannot use "--config" more than once: name further files in "include"');
  }
  return { path };
}

/** Files of another program, with the dialect that goes with inetd alone. */
export interface ForeignNames {
  readonly paths: readonly string[];
  readonly format: ForeignName;
  readonly dialect: DialectName | undefined;
}
