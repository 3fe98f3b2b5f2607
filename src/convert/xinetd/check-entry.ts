import { quote } from '../../config/quote.ts';
import type { Place } from '../../config/source.ts';
import { checkLists } from './check-lists.ts';
import { denyTime } from './deny-time.ts';
import { firstWord } from './first-word.ts';
import type { ShapedEntry } from './shaped-entry.ts';

function missing({ entry, report }: ShapedEntry, name: string, help?: string): void {
  const message = `Cannot run service ${quote(entry.name.text)}: "${name}" is missing`;
  report.add({ code: 'xinetd/missing', at: entry.name.place, message, help });
}

/** What a service of its kind must have. */
function requiredNames({ shape: { kind, door, types } }: ShapedEntry): readonly string[] {
  const isUnlisted = types.has('unlisted');
  const needsServer = kind === 'program' || (kind === 'sensor' && !types.has('internal'));
  return [
    ...(needsServer ? ['server'] : []),
    ...(kind === 'program' || kind === 'redirect' ? ['user'] : []),
    ...(isUnlisted && door === 'port' ? ['port'] : []),
    ...(door === 'rpc' ? ['rpc_version'] : []),
    ...(isUnlisted && door === 'rpc' ? ['rpc_number'] : []),
  ];
}

function checkRequired(shaped: ShapedEntry): void {
  const { entry, shape } = shaped;
  for (const name of requiredNames(shaped)) {
    const stands = entry.attributes.has(name) || (name === 'server' && entry.attributes.has('redirect'));
    const help = shape.kind === 'sensor' ? 'write "type = INTERNAL", with which it needs none' : undefined;
    if (!stands) missing(shaped, name, help);
  }
}

interface Conflict {
  readonly of: boolean;
  readonly at: Place | undefined;
  readonly reason: string;
  readonly help?: string;
}

/** What xinetd disables a service for although each value is a good one. */
function conflictsOf({ entry, shape }: ShapedEntry): readonly Conflict[] {
  const { attributes } = entry;
  const { kind, door, transport, types, flags } = shape;
  const at = (name: string): Place | undefined => attributes.get(name)?.at;
  const isRedirect = attributes.has('redirect');
  const waits = firstWord(entry, 'wait')?.text.toLowerCase() === 'yes';
  const traffic = attributes.get('log_on_success')?.values.find(({ text }) => /^traffic$/i.test(text));
  const args = at('server_args');
  const isNamed = flags.has('nameinargs');
  const isLate = isNamed && args !== undefined && (at('flags')?.start ?? 0) > args.start;
  return [
    {
      of: transport === 'udp' && !waits && kind === 'program',
      at: at('wait'),
      reason: 'a program for datagrams must have "wait = yes"',
      help: 'xinetd loses the socket at the first datagram, or does not start the service',
    },
    { of: isRedirect && transport === 'udp', at: at('redirect'), reason: 'datagrams cannot be redirected' },
    { of: isRedirect && waits, at: at('wait'), reason: 'a redirected service must have "wait = no"' },
    { of: isRedirect && isNamed, at: at('flags'), reason: 'NAMEINARGS is not for a redirected service' },
    {
      of: traffic !== undefined && !isRedirect,
      at: traffic?.place,
      reason: 'TRAFFIC is for redirected services only',
    },
    {
      of: isNamed && (kind === 'builtin' || kind === 'sensor'),
      at: at('flags'),
      reason: 'NAMEINARGS is not for an internal service',
    },
    {
      of: isNamed && kind === 'program' && args === undefined,
      at: at('flags'),
      reason: 'NAMEINARGS needs "server_args"',
    },
    {
      of: isLate && kind === 'program',
      at: at('flags'),
      reason: 'NAMEINARGS stands behind "server_args", and every connection fails',
      help: 'put "flags" before "server_args"',
    },
    { of: door === 'mux' && !types.has('unlisted'), at: at('type'), reason: 'TCPMUX needs UNLISTED as well' },
    { of: door === 'mux' && transport === 'udp', at: at('type'), reason: 'TCPMUX is for "tcp" only' },
  ];
}

function checkConflicts(shaped: ShapedEntry): void {
  const { entry, report } = shaped;
  for (const { of: isSo, at, reason, help } of conflictsOf(shaped)) {
    const message = `Cannot run service ${quote(entry.name.text)}: ${reason}`;
    if (isSo) report.add({ code: 'xinetd/conflict', at: at ?? entry.name.place, message, help });
  }
}

/** What zinetd has not got, and what would be another service without it. */
function checkSupport({ entry, shape, report }: ShapedEntry): void {
  const at = entry.attributes.get('flags')?.at ?? entry.name.place;
  const { flags, isWaiting } = shape;
  const refuse = (what: string, help: string, place = at): void => {
    const message = `Cannot carry out ${what} for service ${quote(entry.name.text)}: zinetd has no such thing`;
    report.add({ code: 'xinetd/not-supported', at: place, message, help });
  };
  if (flags.has('labeled')) refuse('LABELED', 'let the program ask for the label of its peer itself');
  if (flags.has('intercept') && isWaiting) {
    refuse(
      'INTERCEPT',
      'a program that waits is given its clients unseen: write "wait = no", or filter them',
    );
  }
  const mdns = firstWord(entry, 'mdns');
  if (mdns && !/^no$/i.test(mdns.text)) refuse('mdns', 'let avahi tell of the service', mdns.place);
}

/** What xinetd takes and does nothing with. */
function warnOfIdle({ entry, shape, report }: ShapedEntry): void {
  const { flags, types, kind, isWaiting } = shape;
  const ignore = (name: string, what: string, why: string): void => {
    const at = entry.attributes.get(name)?.at;
    if (at) report.add({ code: 'xinetd/ignored', at, message: `Ignored ${what}, as xinetd does: ${why}` });
  };
  if (flags.has('intercept') && !isWaiting) {
    ignore('flags', 'INTERCEPT', 'it is for programs that wait');
  }
  if (types.has('special')) ignore('type', 'SPECIAL', 'it means nothing');
  if (kind === 'redirect') ignore('server', '"server"', 'the service is redirected');
  if (kind === 'builtin') ignore('server', '"server"', 'xinetd itself gives the service');
  if (kind === 'sensor') ignore('server', '"server"', 'a sensor starts nothing');
  if (kind === 'builtin') ignore('redirect', '"redirect"', 'xinetd itself gives the service');
  if (kind !== 'sensor') ignore('deny_time', '"deny_time"', 'it is for sensors');
}

/** Everything about an entry that no single attribute shows. */
export function checkEntry(shaped: ShapedEntry): void {
  checkRequired(shaped);
  checkConflicts(shaped);
  checkSupport(shaped);
  // xinetd looks at the value also where it has no use for it.
  denyTime(shaped);
  checkLists(shaped);
  warnOfIdle(shaped);
}
