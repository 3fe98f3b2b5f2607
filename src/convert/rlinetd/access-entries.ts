import { quote } from '../../config/quote.ts';
import { parseRefusalTemplate } from '../../config/refusal-template.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import type { Directive } from './directive.ts';
import { isQueued } from './limit-entries.ts';
import { actionOf, remark, type ShapedService, warnOfLoss } from './service-context.ts';
import { textPieces } from './text-pieces.ts';
import type { Token } from './token.ts';

/** What ends a connection in rlinetd. */
const ENDINGS: ReadonlySet<string> = new Set(['exit', 'close', 'exec']);

/** Where a program accepts by itself, there is nobody to ask about. */
function isBlind({ shape }: ShapedService): boolean {
  return shape.isWaiting && shape.transport === 'tcp';
}

/** A text for those whom a rule refuses, in the words of `policies`; undefined after a report. */
function refusalText(echo: Directive, token: Token, shaped: ShapedService): string | undefined {
  const parts = textPieces(token).map(({ kind, text }) => {
    if (kind === 'modifier') return text === 'O' ? '%a' : `%${text}`;
    return text.replaceAll('%', '%%');
  });
  const text = parts.join('');
  const template = parseRefusalTemplate(text);
  if (!('reason' in template)) return text;
  return void warnOfLoss(shaped, echo, {
    why: `zinetd cannot send it to those whom a rule refuses: ${template.reason}`,
  });
}

/** What is said to those whom a rule refuses. */
interface Refusal {
  readonly policy: MapEntry | undefined;
  readonly banner: MapEntry | undefined;
}

function warnOfBlock(block: readonly Directive[], tcpd: Directive, shaped: ShapedService): void {
  if (!block.some(({ name }) => ENDINGS.has(name.text))) {
    const why = 'its block does not end with "exit", so that rlinetd goes on and serves them';
    const did = 'Refused those whom rules of tcp_wrappers refuse for';
    const help = 'take "tcpd" out if they are to be served';
    remark(shaped, { code: 'rlinetd/tcpd', at: tcpd.name.place, did, why, help });
  }
  for (const action of block) {
    if (['exit', 'close', 'echo', 'banner'].includes(action.name.text)) continue;
    const why = 'zinetd does nothing but speak to those whom a rule refuses';
    warnOfLoss(shaped, action, { why });
  }
}

function refusalOf(tcpd: Directive, shaped: ShapedService): Refusal {
  const { block } = tcpd;
  if (!block) return { policy: undefined, banner: undefined };
  warnOfBlock(block, tcpd, shaped);
  const echo = block.find(({ name }) => name.text === 'echo');
  const [said] = echo?.values ?? [];
  const text = echo && said ? refusalText(echo, said, shaped) : undefined;
  const file = block.find(({ name }) => name.text === 'banner')?.values[0];
  const reject =
    said !== undefined &&
    text !== undefined &&
    mapNode([entryOf('text', scalarNode(text, said.place))], said.place);
  return {
    policy: reject ? entryOf('hosts_access', mapNode([entryOf('reject', reject)], reject.place)) : undefined,
    banner: file && entryOf('banner_fail', scalarNode(file.text, file.place)),
  };
}

function hostsEntry(tcpd: Directive, { service }: ShapedService): MapEntry {
  const name = tcpd.values[0] ?? service.name;
  return entryOf(
    'hosts_access',
    mapNode([entryOf('daemon', scalarNode(name.text, name.place))], tcpd.name.place),
  );
}

function warnOfBlindness(tcpd: Directive, { service, report }: ShapedService): void {
  const message = `Asked no rules of tcp_wrappers for service ${quote(service.name.text)}: its program accepts by itself, and nobody knows the clients before`;
  const help = 'let the program ask them, or a firewall keep others out';
  report.add({ code: 'rlinetd/tcpd', at: tcpd.name.place, message, help });
}

/** Who is served, what the others are told, and who may wait. */
export function accessEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const tcpd = actionOf(shaped.service, 'tcpd');
  const at = shaped.service.settings.get('instances')?.values[0]?.place ?? shaped.service.name.place;
  const queue = isQueued(shaped) ? entryOf('instances', scalarNode('queue', at)) : undefined;
  const isAsked = tcpd !== undefined && !isBlind(shaped);
  if (tcpd && !isAsked) warnOfBlindness(tcpd, shaped);
  const refusal = isAsked ? refusalOf(tcpd, shaped) : undefined;
  const rows = [queue, refusal?.policy].filter((row) => row !== undefined);
  return [
    isAsked ? hostsEntry(tcpd, shaped) : undefined,
    refusal?.banner,
    rows.length > 0 ? entryOf('policies', mapNode(rows, at)) : undefined,
  ];
}
