import { quote } from '../../config/quote.ts';
import type { MapEntry, MapNode } from '../../config/syntax-node.ts';
import { entryOf, mapNode, scalarNode } from '../tree.ts';
import { accessEntries } from './access-entries.ts';
import { builtinAction, builtinEntry } from './builtin-entry.ts';
import { capabilitiesEntry } from './capabilities-entry.ts';
import { identityEntries } from './identity-entries.ts';
import { limitEntries } from './limit-entries.ts';
import { listenEntry } from './listen-entry.ts';
import { logEntries } from './log-entries.ts';
import { serverEntries } from './program-entries.ts';
import { rlimitsEntry } from './rlimits-entry.ts';
import { rpcEntry, versionsOf } from './rpc-entry.ts';
import {
  actionOf,
  firstOf,
  isOn,
  refuseAction,
  remark,
  type ServiceContext,
  type ShapedService,
  warnOfLoss,
} from './service-context.ts';

function shapeOf(context: ServiceContext): ShapedService {
  const { service } = context;
  const kind = actionOf(service, 'exec') ? 'program' : 'builtin';
  const transport = firstOf(service, 'protocol')?.text === 'udp' ? 'udp' : 'tcp';
  const isWaiting = kind === 'program' && (isOn(service, 'wait') || transport === 'udp');
  const isRpc = versionsOf(service.settings.get('rpc')) !== undefined;
  return { ...context, shape: { kind, transport, isWaiting, isRpc } };
}

function programEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const { service, report } = shaped;
  if (!firstOf(service, 'user')) {
    const message = `Cannot run service ${quote(service.name.text)}: "user" is missing, and rlinetd does not run it either`;
    report.add({
      code: 'rlinetd/missing',
      at: service.name.place,
      message,
      help: 'write "user", here or in "defaults"',
    });
  }
  return [
    ...identityEntries(shaped),
    ...serverEntries(shaped),
    rlimitsEntry(shaped),
    capabilitiesEntry(shaped),
  ];
}

/** zinetd needs no user for what it does itself; what is meant for a program is of no use. */
function ownEntries(shaped: ShapedService): readonly (MapEntry | undefined)[] {
  const { service, report } = shaped;
  const action = builtinAction(shaped);
  if (!action) {
    const message = `Cannot run service ${quote(service.name.text)}: nothing says what it does`;
    const help = 'write "exec"';
    report.add({ code: 'rlinetd/missing', at: service.name.place, message, help });
    return [];
  }
  if (!firstOf(service, 'user')) {
    const why = 'it has no "user", for which rlinetd 0.9.3 leaves it out, and needs none here';
    const help = 'write "enabled no" if it is to stay shut';
    remark(shaped, { code: 'rlinetd/no-user', at: service.name.place, did: 'Opened', why, help });
  }
  for (const name of ['server', 'wait', 'group', 'initgroups']) {
    const useless = service.settings.get(name);
    if (useless) warnOfLoss(shaped, useless, { why: 'zinetd gives it itself, without a process' });
  }
  for (const name of ['nice', 'rlimit', 'chroot', 'capability']) {
    const useless = actionOf(service, name);
    if (useless) warnOfLoss(shaped, useless, { why: 'zinetd gives it itself, without a process' });
  }
  return [builtinEntry(action, shaped)];
}

/** A file that everybody is sent, ahead of every check. */
function bannerEntry(shaped: ShapedService): MapEntry | undefined {
  const { service, shape } = shaped;
  const banner = actionOf(service, 'banner');
  const [path] = banner?.values ?? [];
  if (!banner || !path || shape.kind === 'builtin') return undefined;
  if (shape.isWaiting || shape.transport === 'udp') {
    return void warnOfLoss(shaped, banner, { why: 'there is no connection that it could be sent on' });
  }
  return entryOf('banner', scalarNode(path.text, path.place));
}

/** What keeps others out, or is of no use to anybody. */
function checkOthers(context: ServiceContext): void {
  const { service } = context;
  const filter = service.settings.get('filter');
  if (filter) {
    const why = 'zinetd attaches no program to a socket, and without it others could get in';
    refuseAction(context, filter, { why, help: 'let a firewall keep them out, and take "filter" away' });
  }
  const own = actionOf(service, 'exec') && builtinAction(context);
  if (own && !/^(echo|banner)$/.test(own.name.text)) {
    warnOfLoss(context, own, { why: 'its program is started, and answers itself' });
  }
  const fish = actionOf(service, 'fish');
  if (fish) warnOfLoss(context, fish, { why: 'it writes "Fish!" to the log, and does nothing else' });
}

/** A service in our words; what is wrong with it is in the report. */
export function convertService(context: ServiceContext): MapNode {
  const shaped = shapeOf(context);
  const { service, shape } = shaped;
  checkOthers(shaped);
  const hosts = accessEntries(shaped);
  const rows = [
    service.isEnabled ? undefined : entryOf('enabled', scalarNode(false, service.name.place)),
    listenEntry(shaped),
    rpcEntry(shaped),
    ...(shape.kind === 'program' ? programEntries(shaped) : ownEntries(shaped)),
    ...limitEntries(shaped),
    // Of two with one key the later wins: what tcpd is called by itself is more than what it is started as.
    ...hosts,
    bannerEntry(shaped),
    ...logEntries(shaped),
  ];
  return mapNode(rows, service.place);
}
