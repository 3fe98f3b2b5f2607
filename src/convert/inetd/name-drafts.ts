import { isForbiddenKey } from '../../config/key-rules.ts';
import type { ServiceDraft } from './convert-entry.ts';
import { subjectName } from './subject-name.ts';

/** Of the 64 that a name may have, so that an ending fits in. */
const MOST_CHARACTERS = 48;

/** What a document allows in the name of a service; a path or a name of tcpmux may have more. */
function baseName({ entry }: ServiceDraft): string {
  const text = subjectName(entry.subject)
    .slice(0, MOST_CHARACTERS)
    .replace(/[^A-Za-z0-9_.+-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return text === '' ? 'service' : text;
}

function protocolName({ entry: { subject, transport } }: ServiceDraft): string {
  if (subject.kind === 'mux') return 'tcpmux';
  return `${transport.kind}${transport.family === 'ipv6' ? '6' : ''}`;
}

/** A name for each service: that of its port, with the protocol behind it or a number where it is taken. */
export function nameDrafts(drafts: readonly ServiceDraft[]): ReadonlyMap<string, ServiceDraft> {
  const named = new Map<string, ServiceDraft>();
  const numbers = new Map<string, number>();
  const isFree = (name: string): boolean => !named.has(name) && !isForbiddenKey(name);
  for (const draft of drafts) {
    const base = baseName(draft);
    let name = isFree(base) ? base : `${base}-${protocolName(draft)}`;
    while (!isFree(name)) {
      const number = (numbers.get(base) ?? 1) + 1;
      numbers.set(base, number);
      name = `${base}-${number}`;
    }
    named.set(name, draft);
  }
  return named;
}
