import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A directory that is gone afterwards. Not below the checkout: the handlers' user may not be able to enter that.
 *
 * @template T
 * @param {string} name
 * @param {(directory: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withDirectory(name, use) {
  const directory = await mkdtemp(join(tmpdir(), `zinetd-${name}-`));
  try {
    await chmod(directory, 0o755);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
