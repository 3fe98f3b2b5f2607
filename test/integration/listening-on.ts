import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/** Whether any socket of the machine listens on a TCP port, as /proc/net/tcp tells. */
export function isListeningOn(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .some((line) => {
        const [, local, , state] = line.trim().split(/\s+/);
        return state === LISTEN && local?.endsWith(`:${hex}`);
      }),
  );
}
