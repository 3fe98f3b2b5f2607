import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from './command.mjs';

/**
 * @typedef {object} Unpacked
 * @property {string} root directory that the packages are unpacked in
 * @property {string} version of the first package
 */

/**
 * Debian packages unpacked beside, not installed: no maintainer script runs, so no service starts.
 *
 * @param {readonly string[]} names the program's package first, then libraries that a machine may lack
 * @param {{directory: string, signal: AbortSignal}} options
 * @returns {Promise<Unpacked>}
 */
export async function unpackPackages(names, { directory, signal }) {
  const root = join(directory, 'root');
  await mkdir(root, { recursive: true });
  const missing = await missingOf(names, directory);
  if (missing.length > 0) await command(['apt-get', 'download', ...missing], { cwd: directory, signal });
  const archives = await archivesIn(directory);
  for (const archive of archives) await command(['dpkg', '-x', join(directory, archive), root], { signal });
  const first = archives.find((archive) => archive.startsWith(`${names[0]}_`));
  return { root, version: first ? versionOf(first) : 'unknown' };
}

/** @param {string} directory */
async function archivesIn(directory) {
  return (await readdir(directory)).filter((name) => name.endsWith('.deb'));
}

/**
 * @param {readonly string[]} names
 * @param {string} directory
 */
async function missingOf(names, directory) {
  const archives = await archivesIn(directory);
  return names.filter((name) => !archives.some((archive) => archive.startsWith(`${name}_`)));
}

/**
 * The middle of NAME_VERSION_ARCHITECTURE.deb; apt writes a colon as %3a.
 *
 * @param {string} archive
 */
function versionOf(archive) {
  return decodeURIComponent(archive.split('_')[1] ?? 'unknown');
}
