import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Overlay {
  /** Directories laid over /, the first on top. */
  readonly over: readonly string[];
  /** Whether /tmp stays as it is for all others, whatever is written there; layers have none. */
  readonly ownTmp?: boolean | undefined;
}

/** The directories of / that can be laid over; on Debian /bin, /sbin and /lib are links into /usr. */
const COVERED = ['usr', 'etc', 'var'];

function cover(top: string, layers: readonly string[]): readonly string[] {
  const room = `/mnt/${top}`;
  const options = `lowerdir=${[...layers, `/${top}`].join(':')},upperdir=${room}/upper,workdir=${room}/work`;
  return [
    `mkdir -p ${room}/upper ${room}/work`,
    `chmod --reference=/${top} ${room}/upper`,
    `mount -t overlay overlay -o ${options} /${top}`,
  ];
}

/**
 * Commands that lay directories over / in a mount namespace, and make /run empty. What is written there stays in
 * memory and goes with the namespace.
 */
export function overlayLines({ over, ownTmp = false }: Overlay): readonly string[] {
  const covers = COVERED.flatMap((top) => {
    const layers = over.map((layer) => join(resolve(layer), top)).filter((path) => existsSync(path));
    return layers.length > 0 ? cover(top, layers) : [];
  });
  return [
    'mount -t tmpfs -o mode=755 none /mnt',
    ...covers,
    ...(ownTmp ? cover('tmp', []) : []),
    'umount -l /mnt',
    'mount -t tmpfs -o mode=755 none /run',
  ];
}
