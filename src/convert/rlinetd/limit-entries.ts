import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import { numberOf } from './number-of.ts';
import { firstOf, isOn, remark, type ShapedService } from './service-context.ts';
import type { Token } from './token.ts';

/** What rlinetd has unless it is told. */
const STANDARD = 40;
const MOST_HANDLERS = 65_535;
const MOST_BACKLOG = 65_535;

/** rlinetd stops listening when so many run, and whoever comes then waits in the backlog of the kernel. */
function instancesEntries(shaped: ShapedService): readonly MapEntry[] {
  const { service, report } = shaped;
  const token = firstOf(service, 'instances');
  const written = token ? numberOf(token, report) : STANDARD;
  const value = written === 0 || written > MOST_HANDLERS ? 'UNLIMITED' : written;
  const at = (token ?? service.name).place;
  if (value === 'UNLIMITED') return [entryOf('instances', scalarNode(value, at))];
  return [entryOf('instances', scalarNode(value, at)), entryOf('per_source', scalarNode('UNLIMITED', at))];
}

/** For each datagram that nobody has read yet rlinetd starts one more, up to the limit, all on one socket. */
function warnOfDatagrams(shaped: ShapedService, token: Token | undefined): void {
  const { service, report } = shaped;
  if (isOn(service, 'wait') || (token && numberOf(token, report) === 1)) return;
  const at = (firstOf(service, 'protocol') ?? service.name).place;
  const why =
    'its program gets the socket with all datagrams, and rlinetd might start several for one of them';
  const help = 'write "wait yes"';
  remark(shaped, { code: 'rlinetd/datagrams', at, did: 'Started one program at a time for', why, help });
}

function warnOfWaiting(shaped: ShapedService, token: Token): void {
  if (numberOf(token, shaped.report) === 1) return;
  const why = 'a program that waits runs once';
  remark(shaped, { code: 'rlinetd/ignored', at: token.place, did: 'Ignored "instances" of', why });
}

function backlogEntry({ service, report }: ShapedService): MapEntry | undefined {
  const token = firstOf(service, 'backlog');
  if (!token) return undefined;
  const written = numberOf(token, report);
  const value = Math.max(1, Math.min(MOST_BACKLOG, written));
  if (value !== written) {
    const message = `Took "backlog ${written}" for ${value}, as the system does`;
    report.add({ code: 'rlinetd/limit', at: token.place, message });
  }
  return entryOf('backlog', scalarNode(value, token.place));
}

/** How many handlers there may be at once, and how many clients may wait for one. */
export function limitEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const { service, shape } = shaped;
  const token = service.settings.get('instances')?.values[0];
  const backlog = shape.transport === 'tcp' ? backlogEntry(shaped) : undefined;
  if (shape.transport === 'udp') {
    if (shape.kind === 'program') warnOfDatagrams(shaped, token);
    return [];
  }
  if (!shape.isWaiting) return [backlog, ...instancesEntries(shaped)];
  if (token) warnOfWaiting(shaped, token);
  return [backlog];
}

/** Whether whoever comes too late waits. */
export function isQueued({ service, shape }: ShapedService): boolean {
  const token = firstOf(service, 'instances');
  const isLimited = token === undefined || !/^0+$/.test(token.text);
  return shape.transport === 'tcp' && !shape.isWaiting && isLimited;
}
