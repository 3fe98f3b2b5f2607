import type { AttributeName } from './document.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';

interface Context {
  readonly report: Report;
  readonly placed: readonly PlacedListener[];
}

/** Nobody knows who the client is before the handler has accepted it, and senders of unix datagrams have no address: to promise to look would be a lie (S67). */
const OF_A_PEER: readonly AttributeName[] = [
  ...([
    'only_from',
    'no_access',
    'hosts_access',
    'per_source',
    'rate_per_source',
    'decide',
    'penalties',
  ] as const),
  'sensor',
];

function isWritten(service: LayeredService, name: AttributeName): boolean {
  const setting = service.settings[name];
  return setting?.node !== undefined && setting.value !== false;
}

const ACCEPTS = 'with "wait" its handler accepts, and nobody knows the client before';
const ANONYMOUS = 'nobody knows who sends the datagrams of "unix-dgram://"';

/** A service that waits for connections, or for datagrams of unix sockets: settings that need the peer are mistakes. */
function checkPeer(service: LayeredService, { report, placed }: Context): void {
  const isAnonymous = placed.some(({ listener }) => listener.scheme === 'unix-dgram');
  for (const name of OF_A_PEER.filter((each) => isWritten(service, each))) {
    const message = `Cannot use ${quote(name)} in service ${quote(service.name)}: ${isAnonymous ? ANONYMOUS : ACCEPTS}`;
    const help = isAnonymous
      ? 'take it out: who may write to the socket is what "socket_mode" says'
      : 'write "wait: false", or leave the check to the handler';
    report.add({
      code: 'config/wait-address',
      at: placeOfSetting(service, service.settings[name]),
      message,
      help,
    });
  }
}

/** Datagrams of unix sockets come from nobody: there is no peer to make a socket for. */
function checkDatagrams(service: LayeredService, { report, placed }: Context): void {
  if (service.settings.builtin) return;
  for (const { listener, place } of placed) {
    if (listener.scheme !== 'unix-dgram') continue;
    const message = `Cannot use "unix-dgram://" in service ${quote(service.name)} without "wait: true": its senders have no address`;
    report.add({ code: 'config/conflict', at: place, message });
  }
}

/** Whether what is written can be meant of a service that waits, or of one that does not. */
export function checkWait(service: LayeredService, context: Context): void {
  const isWaiting = service.settings.wait?.value === true;
  if (!isWaiting) checkDatagrams(service, context);
  else if (context.placed.some(({ listener }) => listener.scheme !== 'udp')) checkPeer(service, context);
}
