import type { DeskKind } from '../model/desk.ts';
import type { Listener, Service, SocketOwner } from '../model/service.ts';
import { askHost } from './ask-host.ts';
import { checkSocketPath } from './check-socket-path.ts';
import { deskService } from './desk-service.ts';
import type { ReadOnlyDocument } from './document.ts';
import type { Host } from './host.ts';
import { parseListen } from './listen.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { ServiceClaims } from './service-claims.ts';
import type { DaemonSettings } from './settings.ts';
import type { Place } from './source.ts';
import type { SyntaxNode } from './syntax-node.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly claims: ServiceClaims;
}

const PRIVATE: SocketOwner = { mode: 0o600, uid: undefined, gid: undefined };
/** As of any socket of a service: for whoever runs in the same group. */
const STANDARD_MODE = 0o660;
/** With fewer, connect(2) would say EAGAIN to an operator while others come in crowds. */
const BACKLOG = 1024;

interface PlacedDesk {
  readonly kind: DeskKind;
  readonly listener: Listener;
  /** Undefined: the configuration says nothing of it. */
  readonly place: Place | undefined;
}

/** Where a path was written, by the names that lead there. */
function placeOf(node: SyntaxNode | undefined, names: readonly string[]): Place | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return node?.place;
  return node?.kind === 'map' ? placeOf(node.entries.get(name)?.value, rest) : undefined;
}

function listenerAt(path: string, owner: SocketOwner): Listener {
  return {
    ...{ scheme: 'unix', address: { family: 'path', path }, backlog: BACKLOG, options: [], isMptcp: false },
    owner,
  };
}

/** Whether a path that a configuration has can be listened on by us, and by nobody else (S114). */
function isGood(path: string, context: Context & { readonly at: Place; readonly where: string }): boolean {
  const { report, at, where } = context;
  const parsed = parseListen(`unix://${path}`);
  if (!('reason' in parsed)) {
    checkSocketPath(path, context);
    return true;
  }
  const message = `Cannot use ${quote(path)} for ${quote(where)}: ${parsed.reason}`;
  report.add({ code: 'config/invalid-value', at, message });
  return false;
}

function groupOf(
  { group }: ReadOnlyDocument,
  { host, report, at }: Context & { readonly at: Place },
): number | undefined {
  if (group === undefined || typeof group === 'number') return group;
  const found = askHost(() => host.findGroup(group), { report, at });
  if (!found.failed && found.value === undefined) {
    const message = `Cannot find the group ${quote(group)} of the socket`;
    report.add({ code: 'config/unknown-group', at, message });
  }
  return found.value;
}

/** For the one who starts zinetd, and root: at the place that is written, or else at that of `--control`. */
function controlListener(daemon: DaemonSettings, context: Context): PlacedDesk | undefined {
  const { value, node } = daemon.control ?? {};
  const written = value === 'none' ? undefined : value?.socket;
  const at = placeOf(node, ['socket']);
  const path = written ?? context.host.controlPath;
  if (path === undefined) return undefined;
  if (written !== undefined && at && !isGood(written, { ...context, at, where: 'control.socket' }))
    return undefined;
  return { kind: 'control', listener: listenerAt(path, PRIVATE), place: at ?? node?.place };
}

function readOnlyListener(daemon: DaemonSettings, context: Context): PlacedDesk | undefined {
  const { value, node } = daemon.control ?? {};
  const readOnly = value === 'none' ? undefined : value?.read_only;
  const at = placeOf(node, ['read_only', 'socket']);
  if (!readOnly || !at) return undefined;
  const { socket: path, mode } = readOnly;
  if (!isGood(path, { ...context, at, where: 'control.read_only.socket' })) return undefined;
  const owner = {
    mode: mode === undefined ? STANDARD_MODE : Number.parseInt(mode, 8),
    uid: undefined,
    gid: groupOf(readOnly, { ...context, at: placeOf(node, ['read_only', 'group']) ?? at }),
  };
  return { kind: 'control-read', listener: listenerAt(path, owner), place: at };
}

/** Where operators talk to zinetd, if anywhere. */
export function resolveControl(daemon: DaemonSettings, context: Context): readonly Service[] {
  if (daemon.control?.value === 'none') return [];
  const desks = [controlListener(daemon, context), readOnlyListener(daemon, context)];
  return desks
    .filter((desk) => desk !== undefined)
    .map(({ kind, listener, place }) => {
      if (place) context.claims.claimDesk([{ listener, place }], context.report);
      return deskService(kind, [listener]);
    });
}
