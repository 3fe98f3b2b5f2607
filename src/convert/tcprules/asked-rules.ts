import type { LookUp, PeerRule } from '../peer-rule.ts';

/** Rules that some server asks, or that stand alone. */
export interface AskedRules {
  readonly name: string;
  readonly rules: readonly PeerRule[];
  readonly lookUp: Omit<LookUp, 'confirmsNames'>;
}

/** What nothing matches: tcpserver and tcpsvd serve, s6 does not. */
export const TCPRULES: AskedRules['lookUp'] = { networksFirst: false, grantsOthers: true };
export const INSTRUCTIONS: AskedRules['lookUp'] = { networksFirst: true, grantsOthers: true };
export const RULES_TREE: AskedRules['lookUp'] = { networksFirst: true, grantsOthers: false };
