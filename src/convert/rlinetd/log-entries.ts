import { quote } from '../../config/quote.ts';
import type { MapEntry, SyntaxNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Directive } from './directive.ts';
import { modeOf } from './number-of.ts';
import type { LogTarget } from './rlinetd-service.ts';
import { type ShapedService, warnOfLoss } from './service-context.ts';
import type { Token } from './token.ts';

const STANDARD_MODE = '0640';

function syslogNode(token: Token): SyntaxNode {
  const rows = { syslog: 'daemon', level: 'info', tag: 'rlinetd' };
  return mapNode(
    Object.entries(rows).map(([key, value]) => entryOf(key, scalarNode(value, token.place))),
    token.place,
  );
}

function warnOfOwner({ directives }: LogTarget, shaped: ShapedService): void {
  const owner = directives.find(({ name }) => name.text === 'user' || name.text === 'group');
  const why = 'files of records belong to who starts zinetd';
  if (owner) warnOfLoss(shaped, owner, { why, help: 'change it once: zinetd keeps it' });
}

/** The file that a name stands for; undefined after a report. */
function fileNode(token: Token, shaped: ShapedService): SyntaxNode | undefined {
  const { service, report } = shaped;
  const target = service.logs.get(token.text);
  if (!target || target.index >= service.logCount) {
    const message = `Cannot use the log ${quote(token.text)}: nothing before the service says what it is`;
    return void report.add({ code: 'rlinetd/value', at: token.place, message });
  }
  const path = target.directives.find(({ name }) => /^(path|file)$/.test(name.text))?.values[0];
  if (!path) {
    const message = `Cannot use the log ${quote(token.text)}: it has no "path"`;
    return void report.add({ code: 'rlinetd/missing', at: target.name.place, message });
  }
  warnOfOwner(target, shaped);
  const written = target.directives.findLast(({ name }) => name.text === 'mode')?.values[0];
  const mode = written ? modeOf(written, report) : STANDARD_MODE;
  return mapNode(
    [
      entryOf('file', scalarNode(path.text, path.place)),
      mode === undefined ? undefined : entryOf('mode', scalarNode(mode, written?.place ?? path.place)),
    ],
    path.place,
  );
}

/** Records have a form of their own, and there is more than one for a connection. */
function warnOfText(directive: Directive, { service, report }: ShapedService): void {
  const text = directive.values[1];
  if (!text) return;
  const message = `Wrote the records of service ${quote(service.name.text)} in zinetd's own words instead of ${quote(text.text)}`;
  const help =
    '"log_format: {template: ...}" has them in yours, with fields such as {address} and {duration}';
  report.add({ code: 'rlinetd/log-text', at: text.place, message, help });
}

/** Where records go: the first that is said. */
export function logEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const [first, second] = shaped.service.actions.filter(({ name }) => name.text === 'log');
  const [target] = first?.values ?? [];
  if (!first || !target) return [];
  warnOfText(first, shaped);
  if (second) warnOfLoss(shaped, second, { why: 'records of a service go to one place' });
  const node = target.kind === 'word' ? syslogNode(target) : fileNode(target, shaped);
  return [node && entryOf('log_type', node), node && entryOf('log_format', scalarNode('text', target.place))];
}
