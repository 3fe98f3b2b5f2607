import type { ServicePolicy } from '../model/policy.ts';

/** For a service whose handler says nothing of tcpmux itself. */
export const GO: Uint8Array = Buffer.from('+Go\r\n');
export const NOT_AVAILABLE: Uint8Array = Buffer.from('-Service not available\r\n');

/** A service by the name that tcpmux knows it by; no other can be reached (S52). */
export function findMuxService(
  services: readonly ServicePolicy[],
  name: string,
): { readonly service: number; readonly isAnswered: boolean } | undefined {
  for (const [service, { mux }] of services.entries()) {
    const found = mux.find((each) => each.name === name);
    if (found) return { service, isAnswered: found.isAnswered };
  }
  return undefined;
}

/** All names, one a line, in the order of the configuration. */
export function helpText(services: readonly ServicePolicy[]): Uint8Array {
  const names = services.flatMap(({ mux }) => mux.map(({ name }) => name));
  return Buffer.from(names.map((name) => `${name}\r\n`).join(''));
}
