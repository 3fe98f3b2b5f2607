import { PEER_NAMES, peerNamesOf } from '../model/peer-names.ts';
import type { Program } from '../model/service.ts';

/** A bit for each name that the program is told; what its own environment has stays as it is. */
export function peerNameBits({ peerEnv, env }: Program): number {
  const own = new Set(env.map((entry) => entry.slice(0, entry.indexOf('='))));
  const told = peerNamesOf(peerEnv).filter((name) => !own.has(name));
  return told.reduce((bits, name) => bits | (1 << PEER_NAMES.indexOf(name)), 0) >>> 0;
}
