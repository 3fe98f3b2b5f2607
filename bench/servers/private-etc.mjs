import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the C library and the dynamic loader read; no look-up of a name leaves the machine. */
const COPIED = ['passwd', 'group', 'services', 'protocols', 'hosts', 'ld.so.cache'];
const WRITTEN = { 'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n' };

/**
 * Makes a directory that a server can have in place of /etc, so that files whose paths are built in, such as
 * hosts.deny, can be ours without a change to the machine.
 *
 * @param {string} directory
 * @param {Record<string, string>} files by name, besides those that every program wants
 */
export async function makePrivateEtc(directory, files) {
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
  // A machine may lack some.
  const copied = COPIED.filter((name) => !(name in files)).map((name) =>
    copyFile(`/etc/${name}`, join(directory, name)).catch(() => undefined),
  );
  const written = Object.entries({ ...WRITTEN, ...files }).map(([name, text]) =>
    writeFile(join(directory, name), text, { mode: 0o644 }),
  );
  await Promise.all([...copied, ...written]);
}

/**
 * A command line in a mount namespace of its own, with another /etc; the process is the command itself.
 *
 * @param {string} directory
 * @param {readonly string[]} argv
 * @returns {[string, ...string[]]}
 */
export function withPrivateEtc(directory, argv) {
  const script = 'mount --bind "$0" /etc && exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, directory, ...argv];
}
