import { readFileSync } from 'node:fs';
import { CAPABILITIES, type Capability, capabilitiesOf } from '../model/capability.ts';

/** The effective ones of this process. Without /proc nobody says what is missing, and the spawner finds out. */
export function ownCapabilities(): readonly Capability[] {
  try {
    const [, mask] = /^CapEff:\t([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return mask === undefined ? CAPABILITIES : capabilitiesOf(mask);
  } catch {
    return CAPABILITIES;
  }
}
