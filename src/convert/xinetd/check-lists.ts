import { Report } from '../../config/report.ts';
import { addressTexts } from './address-texts.ts';
import type { ShapedEntry } from './shaped-entry.ts';

/** Addresses that xinetd disables the service for, wherever they stand: also in what is replaced later, or looked at by nobody. */
export function checkLists({ entry, shape, report }: ShapedEntry): void {
  const { isIpv4 } = shape;
  for (const name of ['only_from', 'no_access']) {
    const { values = [], dropped = [] } = entry.attributes.get(name) ?? {};
    for (const word of [...dropped, ...(shape.knowsPeers && shape.kind !== 'sensor' ? [] : values)]) {
      // What is odd about them is of no interest any more.
      const trial = new Report();
      addressTexts({ word, name, isIpv4, report: trial });
      if (trial.hasErrors) addressTexts({ word, name, isIpv4, report });
    }
  }
}
