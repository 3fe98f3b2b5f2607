import { plainValue } from '../../config/plain-value.ts';
import type { ServiceDraft } from './convert-entry.ts';
import type { ServiceEntry } from './service-entry.ts';
import { subjectName } from './subject-name.ts';

/** The one family that a listener is for; undefined for both, and for what has none. */
function familyOfListen(text: string): 4 | 6 | undefined {
  if (/^(tcp|udp)6:|^(tcp|udp):\/\/\[/.test(text)) return 6;
  return /^(tcp|udp)4:|^(tcp|udp):\/\/[0-9.]+:/.test(text) ? 4 : undefined;
}

function familyOf({ listen }: ServiceDraft): 4 | 6 | undefined {
  const families = new Set(
    listen.map((node) => (node.kind === 'scalar' ? familyOfListen(String(node.value)) : undefined)),
  );
  return families.size === 1 ? [...families][0] : undefined;
}

/** What two services have in common that differ in their addresses only. */
function likeness(draft: ServiceDraft): string {
  const { subject, transport, socketType } = draft.entry;
  const name = [subject.kind, subjectName(subject), transport.kind, transport.isRpc, socketType];
  return JSON.stringify([name, plainValue(draft.settings)]);
}

export interface MergedDrafts {
  readonly drafts: readonly ServiceDraft[];
  /** The entries that went into a draft, where there are several. */
  readonly partners: ReadonlyMap<ServiceDraft, readonly ServiceEntry[]>;
}

/** Puts a `tcp` and a `tcp6` line that are otherwise the same together as one service with listeners for both. */
export function mergeDrafts(drafts: readonly ServiceDraft[]): MergedDrafts {
  const merged: ServiceDraft[] = [];
  const partners = new Map<ServiceDraft, readonly ServiceEntry[]>();
  const alone = new Map<string, number>();
  for (const draft of drafts) {
    const family = familyOf(draft);
    const key = likeness(draft);
    const other = family && alone.get(`${10 - family}${key}`);
    const partner = other === undefined ? undefined : merged[other];
    if (family && other !== undefined && partner) {
      const both = { ...partner, listen: [...partner.listen, ...draft.listen] };
      merged[other] = both;
      partners.set(both, [partner.entry, draft.entry]);
      alone.delete(`${10 - family}${key}`);
      continue;
    }
    if (family) alone.set(`${family}${key}`, merged.length);
    merged.push(draft);
  }
  return { drafts: merged, partners };
}
