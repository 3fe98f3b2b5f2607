import { baseName } from '../base-name.ts';
import { UniqueNames } from '../unique-names.ts';
import type { ServiceDraft } from './convert-entry.ts';
import { subjectName } from './subject-name.ts';

/** Of the 64 that a name may have, so that an ending fits in. */
const MOST_CHARACTERS = 48;

function protocolName({ entry: { subject, transport } }: ServiceDraft): string {
  if (subject.kind === 'mux') return 'tcpmux';
  return `${transport.kind}${transport.family === 'ipv6' ? '6' : ''}`;
}

/**
 * A name for each service: that of its port, which may be a path or a name of tcpmux, with the protocol behind it or a
 * number where it is taken.
 */
export function nameDrafts(drafts: readonly ServiceDraft[]): ReadonlyMap<string, ServiceDraft> {
  const names = new UniqueNames();
  return new Map(
    drafts.map((draft) => {
      const base = baseName(subjectName(draft.entry.subject), MOST_CHARACTERS);
      return [names.give(base, `${base}-${protocolName(draft)}`), draft];
    }),
  );
}
