import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { CAPABILITIES } from '../../model/capability.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { actionOf, type ShapedService } from './service-context.ts';

/** One clause of cap_from_text(3) that gives some and takes none away. */
const CLAUSE = /^(cap_[a-z_]+(?:,cap_[a-z_]+)*)[=+]([eip]+)$/i;

/** The capabilities that a text gives; undefined where it says something else. */
function namesIn(text: string): readonly string[] | undefined {
  const clauses = text.split(/\s+/).filter((clause) => clause !== '');
  const names = clauses.map((clause) => {
    const [, listed = '', flags = ''] = CLAUSE.exec(clause) ?? [];
    const found = listed.toUpperCase().split(',');
    const isKnown = found.every((name) => CAPABILITIES.some((known) => known === name));
    return isKnown && flags.includes('p') ? found : undefined;
  });
  if (names.length === 0 || names.includes(undefined)) return undefined;
  return [...new Set(names.flatMap((found) => found ?? []))];
}

/** What rlinetd sets is gone when the program starts, which has what its user has. The intent is carried out. */
export function capabilitiesEntry({ service, report }: ShapedService): MapEntry | undefined {
  const directive = actionOf(service, 'capability');
  const [token] = directive?.values ?? [];
  if (!directive || !token) return undefined;
  const names = namesIn(token.text);
  const was =
    'it was not in force: rlinetd sets them before it starts the program, and starting sets them anew';
  if (!names) {
    const message = `Left out "capability" of service ${quote(service.name.text)}: ${was}`;
    const help = 'write what the program is to have in "capabilities"';
    report.add({ code: 'rlinetd/no-counterpart', at: directive.name.place, message, help });
    return undefined;
  }
  const message = `Took ${quote(token.text)} for all that service ${quote(service.name.text)} may have; ${was}`;
  const help = 'take "capabilities" out if the program is to have what its user has';
  report.add({ code: 'rlinetd/capability', at: token.place, message, help });
  const items = names.map((name) => scalarNode(name, token.place));
  return entryOf('capabilities', listNode(items, token.place));
}
