import type { Surroundings } from './launch-line.ts';

/** Files that an image made from nothing does not have: they are there and empty. */
const MISSING = ['/etc/services', '/etc/passwd', '/etc/group', '/etc/nsswitch.conf', '/etc/protocols'];

/** Nothing can be written, nobody takes a log, and nobody has a name. */
const BARE = [
  'set -e',
  'mount --make-rprivate /',
  'mount -t tmpfs -o mode=755 none /run',
  ': >/run/empty',
  ...MISSING.map((file) => `[ ! -e ${file} ] || mount --bind /run/empty ${file}`),
  '[ ! -e /dev/log ] || mount --bind /dev/null /dev/log',
  ...['/run', '/tmp', '/var', '/dev/shm'].map(
    (path) => `mount --bind ${path} ${path} && mount -o remount,bind,ro ${path}`,
  ),
  'mount -o remount,bind,ro /',
  'exec "$@"',
];

const INIT = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--mount'];

/** Leads to zinetd as PID 1 of a container; `bare`: of one that has nothing but the programs. Needs root. */
export function contained(options: { readonly bare: boolean }): Pick<Surroundings, 'prefix'> {
  const bare = options.bare ? ['sh', '-c', BARE.join('\n'), 'sh'] : [];
  return { prefix: [...INIT, '--', ...bare] };
}
