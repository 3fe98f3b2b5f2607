import type { AttributeName } from '../config/document.ts';
import type { AuditCheck } from './audit-check.ts';
import type { AuditFacts } from './audit-facts.ts';

/** A check of something that is either on or off. */
export function switchCheck(
  attribute: AttributeName,
  options: {
    readonly weight: number;
    readonly isOn?: (facts: AuditFacts) => boolean;
    /** With the switch on, and with it off. */
    readonly says: readonly [on: string, off: string];
  },
): AuditCheck {
  const isSet = ({ layered }: AuditFacts): boolean => layered.settings[attribute]?.value === true;
  const isOn = options.isOn ?? isSet;
  const [on, off] = options.says;
  return {
    attribute,
    weight: options.weight,
    judge: (facts) => (isOn(facts) ? { exposed: 0, says: on } : { exposed: 1, says: off }),
    advice: `${attribute}: true`,
  };
}
