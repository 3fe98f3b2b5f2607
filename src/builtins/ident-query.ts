/** RFC 1413: what the client asks about, ours first. */
export interface IdentQuery {
  readonly localPort: number;
  readonly peerPort: number;
}

const QUERY = /^[ \t]*(\d{1,5})[ \t]*,[ \t]*(\d{1,5})[ \t]*$/;
const MOST_PORT = 65_535;

function portOf(digits: string | undefined): number | undefined {
  const port = Number(digits);
  return port >= 1 && port <= MOST_PORT ? port : undefined;
}

/** A line without its end; undefined for what is no pair of ports. */
export function parseIdentQuery(line: string): IdentQuery | undefined {
  const [, local, peer] = QUERY.exec(line) ?? [];
  const localPort = portOf(local);
  const peerPort = portOf(peer);
  return localPort === undefined || peerPort === undefined ? undefined : { localPort, peerPort };
}
