/** The name of the connection's number. */
export const ID_NAME = 'ZINETD_CONNECTION_ID';

export function environmentOf(
  variables: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Variables as in /proc/PID/environ, each with a NUL behind it, laid over those that all connections have. */
export function parseEnvironment(
  bytes: Uint8Array,
  common: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const environment = new Map(common);
  for (const variable of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString('utf8')
    .split('\0')) {
    const at = variable.indexOf('=');
    if (at > 0) environment.set(variable.slice(0, at), variable.slice(at + 1));
  }
  return environment;
}
