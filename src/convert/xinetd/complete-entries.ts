import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';
import { COPIED, FILLED } from './attribute-rules.ts';
import type { Attribute, Word, XinetdEntry } from './entry.ts';
import type { EntryDraft } from './entry-draft.ts';

/** What is known when all files are read. */
export interface Reading {
  readonly drafts: readonly EntryDraft[];
  readonly defaults: ReadonlyMap<string, Attribute>;
  /** The names of services that were left out. */
  readonly lost: readonly Word[];
  readonly report: Report;
}

/** What `enabled` or `disabled` of `defaults` names; ids compare without case. */
function idsIn(attribute: Attribute | undefined): ReadonlySet<string> {
  return new Set(attribute?.values.map(({ text }) => text.toLowerCase()));
}

function idOf({ name, attributes }: EntryDraft): Word {
  return attributes.get('id')?.values[0] ?? name;
}

/** Whether a service has this from `defaults` in the end, without having said anything itself. */
function isFilled(draft: EntryDraft, name: string): boolean {
  return FILLED.includes(name) && draft.attributes.get(name)?.from !== 'service';
}

/** What stands in `defaults` behind a service, and is not for it. */
function warnOfOrder(draft: EntryDraft, { defaults, report }: Reading): void {
  for (const name of COPIED) {
    const late = defaults.get(name);
    const own = draft.attributes.get(name);
    const isMissed = own?.from !== 'service' || draft.extended.has(name);
    if (!late || late === draft.base.get(name) || !isMissed || isFilled(draft, name)) continue;
    const message = `Ignored "${name}" of "defaults" for service ${quote(draft.name.text)}, as xinetd does: it stands behind the service`;
    const help = 'put "defaults" before the services and before what is included';
    const related = [{ at: draft.name.place, message: 'the service is here' }];
    report.add({ code: 'xinetd/order', at: late.at, message, help, related });
  }
}

/** Everything that a service has, but for what says only whether it runs and what it is called. */
function completeAttributes(draft: EntryDraft, { defaults }: Reading): ReadonlyMap<string, Attribute> {
  const filled = FILLED.flatMap((name): readonly Attribute[] => {
    const attribute = isFilled(draft, name) ? defaults.get(name) : undefined;
    return attribute ? [{ ...attribute, from: 'defaults' }] : [];
  });
  const attributes = new Map([
    ...draft.attributes,
    ...filled.map((attribute): [string, Attribute] => [attribute.name, attribute]),
  ]);
  attributes.delete('disable');
  attributes.delete('id');
  return attributes;
}

function warnOfUnknown(attribute: Attribute | undefined, { drafts, lost, report }: Reading): void {
  const ids = new Set([...drafts.map(idOf), ...lost].map(({ text }) => text.toLowerCase()));
  for (const { text, place } of attribute?.values ?? []) {
    if (ids.has(text.toLowerCase())) continue;
    const message = `Ignored ${quote(text)} in "${attribute?.name}": no service has this id`;
    report.add({ code: 'xinetd/unknown-id', at: place, message });
  }
}

/** The services of all files, each with what `defaults` has for it, and whether it is to run. */
export function completeEntries(reading: Reading): ReadonlyMap<EntryDraft, XinetdEntry> {
  const { drafts, defaults } = reading;
  const enabled = defaults.get('enabled');
  const disabled = defaults.get('disabled');
  const [on, off] = [idsIn(enabled), idsIn(disabled)];
  for (const attribute of [enabled, disabled]) warnOfUnknown(attribute, reading);
  return new Map(
    drafts.map((draft) => {
      const id = idOf(draft);
      const key = id.text.toLowerCase();
      const isEnabled = !draft.isOff && (!enabled || on.has(key)) && !off.has(key);
      if (isEnabled) warnOfOrder(draft, reading);
      const attributes = completeAttributes(draft, reading);
      return [draft, { name: draft.name, id, place: draft.place, attributes, isEnabled }];
    }),
  );
}
