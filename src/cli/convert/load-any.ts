import type { Host } from '../../config/host.ts';
import { type LoadResult, loadConfig } from '../../config/load.ts';
import { UsageError } from '../../model/errors.ts';
import { configSource, foreignSource } from '../format-options.ts';
import { detectFiles } from './detect-files.ts';

/** A configuration in whatever it is written in, of zinetd itself as well. Throws UsageError where that cannot be told. */
export function loadAny(paths: readonly string[], host: Host): LoadResult {
  const format = detectFiles(paths);
  if (format !== 'native') return loadConfig(foreignSource({ paths, format, dialect: undefined }), host);
  const [path, second] = paths;
  if (path === undefined || second !== undefined) {
    throw new UsageError(
      'Cannot read more than one configuration of zinetd: name further files in its "include"',
    );
  }
  return loadConfig(configSource({ path }), host);
}
