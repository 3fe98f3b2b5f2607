import type { Endpoint } from './address.ts';

/** The peer of a handler that accepts by itself: who comes to it, zinetd never knows. No packet comes from here. */
export const NOBODY: Endpoint = { family: 4, bytes: new Uint8Array(4), port: 0, scopeId: 0 };

/** Whether an endpoint is that of nobody in particular. */
export function isNobody({ family, bytes, port }: Endpoint): boolean {
  return family === 4 && port === 0 && bytes.every((byte) => byte === 0);
}
