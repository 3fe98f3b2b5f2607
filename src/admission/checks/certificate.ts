import type { Answer, Check } from '../check.ts';

/** Of a subject, in characters: it may have thousands. */
const MOST_TOLD = 255;

/** `clients` of `tls`: whose certificate is served. Nobody else is, and nobody without one. */
export const certificateCheck: Check = {
  name: 'certificate',
  reason: 'certificate',
  applies: ({ policy }) => policy.tls?.clients !== undefined,
  check: ({ service: { policy }, facts: { certificate } }): Answer | undefined => {
    const rules = policy.tls?.clients ?? [];
    switch (certificate.kind) {
      case 'unseen':
        return undefined;
      case 'pending':
        return { need: 'certificate' };
      case 'none':
        return { outcome: { check: 'certificate', passed: false, note: 'none' } };
      case 'shown': {
        const rule = rules.find(({ key }) => certificate.keys.includes(key));
        const note = rule ? undefined : (certificate.subject || certificate.keys.at(-1))?.slice(0, MOST_TOLD);
        return { outcome: { check: 'certificate', passed: rule !== undefined, rule, note } };
      }
    }
  },
};
