import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import { numberOf } from './number-of.ts';
import { actionOf, firstOf, refuseAction, type ShapedService } from './service-context.ts';
import { textPieces } from './text-pieces.ts';
import type { Token } from './token.ts';

const LEAST_NICE = -20;
const MOST_NICE = 19;

function principalEntry(
  key: 'user' | 'group',
  token: Token | undefined,
  shaped: ShapedService,
): MapEntry | undefined {
  if (!token) return undefined;
  const value = token.kind === 'number' ? numberOf(token, shaped.report) : token.text;
  return entryOf(key, scalarNode(value, token.place));
}

/** Without it there are none. */
function groupsEntry({ service }: ShapedService): MapEntry | undefined {
  const directive = service.settings.get('initgroups');
  if (!directive || firstOf(service, 'initgroups')?.text === 'no') return undefined;
  return entryOf('groups', scalarNode(true, directive.name.place));
}

/** The system takes too much for all there is. */
function niceEntry({ service, report }: ShapedService): MapEntry | undefined {
  const values = actionOf(service, 'nice')?.values ?? [];
  const token = values.at(-1);
  if (!token) return undefined;
  const written = values.length > 1 ? -numberOf(token, report) : numberOf(token, report);
  const value = Math.max(LEAST_NICE, Math.min(MOST_NICE, written));
  if (value !== written) {
    const message = `Took "nice ${written}" for ${value}, as the system does`;
    report.add({ code: 'rlinetd/limit', at: token.place, message });
  }
  return entryOf('nice', scalarNode(value, token.place));
}

/** One for all clients; a root for each of them is something else. */
function chrootEntry(shaped: ShapedService): MapEntry | undefined {
  const directive = actionOf(shaped.service, 'chroot');
  const [token] = directive?.values ?? [];
  if (!directive || !token) return undefined;
  const pieces = textPieces(token);
  if (pieces.some(({ kind }) => kind === 'modifier')) {
    const why = `${quote(token.text)} is another directory for each client, and zinetd has one for all`;
    return refuseAction(shaped, directive, { why });
  }
  return entryOf('chroot', scalarNode(pieces.map(({ text }) => text).join(''), token.place));
}

/** As whom the program runs, and how the system treats it. */
export function identityEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const { service } = shaped;
  return [
    principalEntry('user', firstOf(service, 'user'), shaped),
    principalEntry('group', firstOf(service, 'group'), shaped),
    groupsEntry(shaped),
    niceEntry(shaped),
    chrootEntry(shaped),
  ];
}
