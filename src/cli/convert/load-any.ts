import type { Host } from '../../config/host.ts';
import { type LoadResult, loadConfig } from '../../config/load.ts';
import { UsageError } from '../../model/errors.ts';
import { configSource, foreignSource } from '../config-source.ts';
import { detectFiles } from './detect-files.ts';

/** A configuration in whatever it is written in, of zinetd itself as well. Rejects with UsageError where that cannot be told. */
export async function loadAny(paths: readonly string[], host: Host): Promise<LoadResult> {
  const format = detectFiles(paths);
  if (format !== 'native')
    return loadConfig(await foreignSource({ paths, format, dialect: undefined }), host);
  const [path, second] = paths;
  if (path === undefined || second !== undefined) {
    throw new UsageError(
      'Cannot read more than one configuration of zinetd: name further files in its "include"',
    );
  }
  return loadConfig(await configSource({ path }), host);
}
