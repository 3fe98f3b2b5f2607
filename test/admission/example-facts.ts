import type { Arrival } from '../../src/admission/check.ts';
import type { Facts } from '../../src/admission/facts.ts';
import { addressKey, type Endpoint, parseAddress } from '../../src/model/address.ts';

/** A quiet machine that nobody has used yet. */
export function facts(changes: Partial<Facts> = {}): Facts {
  return {
    nowMs: 1_000_000,
    wallMs: Date.UTC(2026, 0, 9, 12),
    load: 0,
    roll: 0.5,
    isEnabled: true,
    ban: undefined,
    name: { kind: 'pending' },
    ident: { kind: 'pending' },
    decision: { kind: 'pending' },
    certificate: { kind: 'pending' },
    sourceArrival: 0,
    sourceRunning: 0,
    sourceProcesses: 0,
    serviceArrival: 0,
    running: 0,
    processes: 0,
    ...changes,
  };
}

export function endpoint(text: string, port = 40_000): Endpoint {
  const bytes = parseAddress(text);
  if (!bytes) throw new Error(`"${text}" is no address`);
  return { family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId: 0 };
}

export function arrivalFrom(text: string): Arrival {
  const peer = endpoint(text);
  return { peer, key: addressKey(peer), local: endpoint('127.0.0.1', 7000) };
}
