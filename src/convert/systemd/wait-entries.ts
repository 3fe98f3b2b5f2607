import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { lastOf, placeOfValue, topOf } from './unit.ts';

/** A program that takes over all sockets of a unit at once. */
function checkNumber({ listens, handsOver, report }: PairContext): void {
  const [, second] = listens;
  if (!second) return;
  if (handsOver === 'socket') {
    const message =
      'Cannot hand over a second socket as standard input: systemd starts no such service either';
    report.add({ code: 'systemd/not-supported', at: second.place, message });
    return;
  }
  const message = `Started the program once for each of its ${listens.length} sockets: systemd starts it once with all of them`;
  const help = 'make a unit of each socket, or let the program listen by itself, if it cannot run twice';
  report.add({ code: 'systemd/several-sockets', at: second.place, message, help });
}

/** Programs that look for their sockets by name. */
function warnOfName({ socket, handsOver, report }: PairContext): void {
  const setting = lastOf(socket, 'Socket', 'FileDescriptorName');
  // Services have the names of their units.
  if (!setting || handsOver === 'socket' || `${setting.value}.socket` === socket.name.full) return;
  const message = `Left out "FileDescriptorName=${setting.value}": in LISTEN_FDNAMES a socket has the name of its service`;
  const help = 'give the service that name, if the program looks for it';
  report.add({ code: 'systemd/no-counterpart', at: placeOfValue(setting), message, help });
}

/** What `Accept=no` is here. */
export function waitEntries(context: PairContext): readonly MapEntry[] {
  if (context.accepts) return [];
  const { socket, service, handsOver } = context;
  const setting = lastOf(socket, 'Socket', 'Accept');
  const at = setting ? placeOfValue(setting) : topOf(socket);
  const input = lastOf(service, 'Service', 'StandardInput');
  checkNumber(context);
  warnOfName(context);
  return [
    entryOf('wait', scalarNode(true, at)),
    entryOf('listen_fds', scalarNode(handsOver === 'listed', input ? placeOfValue(input) : topOf(service))),
  ];
}
