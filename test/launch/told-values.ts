import type { Client } from '../../src/launch/client.ts';
import { EnvironmentPlan } from '../../src/launch/plan-environment.ts';
import { MOST_REQUEST_BYTES, REQUEST_BYTES, type Request, RequestWriter } from '../../src/launch/request.ts';
import { NOBODY } from '../../src/model/nobody.ts';
import type { PeerEnvSet } from '../../src/model/peer-env.ts';

/** A name by its number, and what it says. */
export type PeerValue = readonly [number: number, text: string];

/** The packet for a request. */
export function encodeRequest(request: Request, generation: number): Uint8Array {
  const bytes = new Uint8Array(MOST_REQUEST_BYTES);
  const length = new RequestWriter(bytes).write({ request, generation }, 0);
  return bytes.subarray(0, length);
}

/** As src/native/spawner/environment.c reads them. */
export function valuesIn(bytes: Uint8Array): readonly PeerValue[] {
  const [number, length] = bytes;
  if (number === undefined || length === undefined) return [];
  const text = Buffer.from(bytes.subarray(2, 2 + length)).toString('latin1');
  return [[number, text], ...valuesIn(bytes.subarray(2 + length))];
}

/** What a launch request tells of a client. */
export function toldOf(client: Client, sets: readonly PeerEnvSet[]): readonly PeerValue[] {
  const fixed = { type: 'launch', id: 1, service: 0, variant: 0, peer: NOBODY } as const;
  const told = { client, plan: new EnvironmentPlan(sets) };
  return valuesIn(encodeRequest({ ...fixed, told }, 1).subarray(REQUEST_BYTES));
}
