import { readFileSync } from 'node:fs';

const LISTEN = '0A';
const INODE_COLUMN = 9;

function rowsOf(protocol: 'tcp' | 'udp'): readonly (readonly string[])[] {
  return [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].flatMap((path) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)),
  );
}

/** The inodes of what listens on a TCP port, or is bound to one of UDP, in ascending order. */
export function socketInodes(port: number, protocol: 'tcp' | 'udp' = 'tcp'): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return rowsOf(protocol)
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && (protocol === 'udp' || state === LISTEN))
    .map((columns) => columns[INODE_COLUMN] ?? '')
    .sort();
}
