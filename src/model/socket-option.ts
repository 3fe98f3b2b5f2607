/** One option of setsockopt(2) with an int as its value, in the numbers of Linux. */
export interface SocketOption {
  readonly level: number;
  readonly name: number;
  readonly value: number;
}

export type SocketOptionName =
  | ('reuseAddress' | 'reusePort' | 'keepalive' | 'sendBuffer' | 'receiveBuffer' | 'mark' | 'bindToInterface')
  | ('noDelay' | 'keepIdle' | 'keepInterval' | 'keepCount' | 'deferAccept' | 'userTimeout')
  | ('tos' | 'packetInfo' | 'freeBind' | 'transparent')
  | ('v6only' | 'packetInfo6' | 'trafficClass' | 'transparent6' | 'freeBind6');

const SOL_SOCKET = 1;
const IPPROTO_IP = 0;
const IPPROTO_TCP = 6;
const IPPROTO_IPV6 = 41;

/**
 * Level and name, from asm-generic/socket.h, linux/tcp.h, linux/in.h and linux/in6.h: the same on x86-64 and aarch64.
 * The kernel doubles the size of a buffer, for its own book-keeping: socket(7).
 */
export const SOCKET_OPTIONS: Readonly<Record<SocketOptionName, readonly [level: number, name: number]>> = {
  reuseAddress: [SOL_SOCKET, 2],
  sendBuffer: [SOL_SOCKET, 7],
  receiveBuffer: [SOL_SOCKET, 8],
  keepalive: [SOL_SOCKET, 9],
  reusePort: [SOL_SOCKET, 15],
  mark: [SOL_SOCKET, 36],
  bindToInterface: [SOL_SOCKET, 62],
  noDelay: [IPPROTO_TCP, 1],
  keepIdle: [IPPROTO_TCP, 4],
  keepInterval: [IPPROTO_TCP, 5],
  keepCount: [IPPROTO_TCP, 6],
  deferAccept: [IPPROTO_TCP, 9],
  userTimeout: [IPPROTO_TCP, 18],
  tos: [IPPROTO_IP, 1],
  packetInfo: [IPPROTO_IP, 8],
  freeBind: [IPPROTO_IP, 15],
  transparent: [IPPROTO_IP, 19],
  v6only: [IPPROTO_IPV6, 26],
  packetInfo6: [IPPROTO_IPV6, 49],
  trafficClass: [IPPROTO_IPV6, 67],
  transparent6: [IPPROTO_IPV6, 75],
  freeBind6: [IPPROTO_IPV6, 78],
};

export function socketOption(option: SocketOptionName, value: number | boolean): SocketOption {
  const [level, name] = SOCKET_OPTIONS[option];
  return { level, name, value: Number(value) };
}
