import { isDatagram, type ListenScheme } from '../model/listen-address.ts';
import type { Listener } from '../model/service.ts';
import type { AttributeName } from './document.ts';

type Fit = (listener: Listener) => boolean;

function isIp({ address }: Listener): boolean {
  return address.family === 4 || address.family === 6;
}

/** What is said when it is bound, or before. */
function isOurs({ inherited }: Listener): boolean {
  return inherited === undefined;
}

function isOursOfIp(listener: Listener): boolean {
  return isOurs(listener) && isIp(listener);
}

function ofScheme(scheme: ListenScheme): Fit {
  return (listener) => listener.scheme === scheme;
}

function hasPath({ owner }: Listener): boolean {
  return owner !== undefined;
}

/** Which sockets can have a setting at all. */
const FITS: Readonly<Partial<Record<AttributeName, Fit>>> = {
  backlog: (listener) => isOurs(listener) && !isDatagram(listener.scheme),
  keepalive: ofScheme('tcp'),
  v6only: (listener) => isOurs(listener) && listener.address.family === 6,
  mptcp: (listener) => isOurs(listener) && listener.scheme === 'tcp',
  no_delay: ofScheme('tcp'),
  defer_accept: ofScheme('tcp'),
  socket_user: hasPath,
  socket_group: hasPath,
  socket_mode: hasPath,
  bind_to_device: isOursOfIp,
  free_bind: isOursOfIp,
  transparent: isOursOfIp,
  mark: isIp,
  tos: isIp,
  receive_buffer: () => true,
  send_buffer: () => true,
};

export const SOCKET_SETTINGS: readonly AttributeName[] = Object.keys(FITS) as AttributeName[];

/** Whether any of the sockets can have a setting; true for what is not about sockets. */
export function fitsSockets(name: AttributeName, listeners: readonly Listener[]): boolean {
  const fits = FITS[name];
  return fits === undefined || listeners.some(fits);
}
