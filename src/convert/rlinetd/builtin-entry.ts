import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { Directive } from './directive.ts';
import { refuseAction, type ServiceContext, warnOfLoss } from './service-context.ts';

/** What rlinetd calls them, and we. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['chargen', 'chargen'],
  ['discard', 'discard'],
  ['loopback', 'echo'],
]);
/** The texts of services that are nothing but a text; the line break is rlinetd's own already. */
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['%M', 'time'],
  ['%I', 'daytime'],
  ['%I\\n', 'daytime'],
  ['%I\\r\\n', 'daytime'],
]);

/** What rlinetd does itself for a client, if it does anything. */
export function builtinAction({ service }: Pick<ServiceContext, 'service'>): Directive | undefined {
  return (
    service.actions.find(({ name }) => NAMES.has(name.text)) ??
    service.actions.find(({ name }) => name.text === 'echo' || name.text === 'banner')
  );
}

/** What zinetd gives itself; undefined after a report. */
export function builtinEntry(action: Directive, context: ServiceContext): MapEntry | undefined {
  const [text] = action.values;
  const at = action.name.place;
  const others = context.service.actions.filter(
    (each) => /^(echo|banner)$/.test(each.name.text) && each !== action,
  );
  for (const other of others) warnOfLoss(context, other, { why: 'what zinetd gives itself has one text' });
  const name = NAMES.get(action.name.text);
  if (name !== undefined && !text) return entryOf('builtin', scalarNode(name, at));
  const given = action.name.text === 'echo' ? TEXTS.get(text?.text ?? '') : undefined;
  if (given !== undefined) return entryOf('builtin', scalarNode(given, at));
  const why = 'zinetd gives echo, discard, chargen, time and daytime itself, and no text of yours';
  return refuseAction(context, action, { why, help: 'start a program: "exec" with cat(1), or a script' });
}
