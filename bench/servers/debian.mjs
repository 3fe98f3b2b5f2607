import { join } from 'node:path';
import { unpackPackages } from '../lib/unpack-packages.mjs';

/** @param {string} root where packages are unpacked */
export function libraryPath(root) {
  const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];
  return triplets
    .flatMap((triplet) => [join(root, 'usr/lib', triplet), join(root, 'lib', triplet)])
    .join(':');
}

/**
 * @param {readonly string[]} packages
 * @param {string} path of the program in the first of them
 * @returns {import('./server.d.mts').Server['fetch']}
 */
export function debian(packages, path) {
  return async (where) => {
    const { root, version } = await unpackPackages(packages, where);
    const environment = { LD_LIBRARY_PATH: libraryPath(root) };
    return { program: join(root, path), version, ...(packages.length > 1 ? { environment } : {}) };
  };
}
