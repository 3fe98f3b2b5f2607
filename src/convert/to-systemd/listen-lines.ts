import type { Host } from '../../config/host.ts';
import { type ListenText, parseListen } from '../../config/listen.ts';
import { formatAddress } from '../../model/address.ts';
import { cannot, inSocket, leaveOut, type UnitContext, type UnitLine } from './unit-writer.ts';

type Inet = Extract<ListenText, { readonly kind: 'inet' }>;
type Ports = Pick<Host, 'findPort'> | undefined;

/** Whether a socket of IPv6 takes IPv4 as well; undefined where it is no matter. */
interface Written {
  readonly lines: readonly UnitLine[];
  readonly takesBoth?: boolean | undefined;
}

const NONE: Written = { lines: [] };

const UNIX_NAMES = {
  unix: 'ListenStream',
  'unix-dgram': 'ListenDatagram',
  'unix-seqpacket': 'ListenSequentialPacket',
};

function inetLine(
  { scheme, families, host, port: named }: Inet,
  ports: Ports,
  context: UnitContext,
): Written {
  const port = typeof named === 'number' ? named : ports?.findPort(named, scheme);
  const refuse = (reason: string): Written => ({ lines: cannot('listen', reason, context) });
  if (port === undefined) return refuse(`the port of "${named}" is not known here`);
  if (port === 0) return refuse('a socket unit has a port');
  if (scheme === 'udp' && !context.isWaiting)
    return refuse('systemd starts one program for all datagrams: write "wait: true"');
  const name = scheme === 'tcp' ? 'ListenStream' : 'ListenDatagram';
  if (typeof host === 'string' && host !== '*') return refuse('a socket unit has an address, not a name');
  const isMapped = families === 'both' || context.service.settings.v6only?.value === false;
  if (host === '*') {
    if (families === 4) return { lines: [inSocket(name, `0.0.0.0:${port}`)] };
    return { lines: [inSocket(name, families === 6 ? `[::]:${port}` : port)], takesBoth: families !== 6 };
  }
  const address = host as Uint8Array;
  if (address.length === 4) return { lines: [inSocket(name, `${formatAddress(address)}:${port}`)] };
  const isAny = address.every((byte) => byte === 0);
  return {
    lines: [inSocket(name, `[${formatAddress(address)}]:${port}`)],
    takesBoth: isAny ? isMapped : undefined,
  };
}

function listenLine(text: string, ports: Ports, context: UnitContext): Written {
  const listen = parseListen(text);
  if ('reason' in listen) return NONE;
  switch (listen.kind) {
    case 'inet':
      return inetLine(listen, ports, context);
    case 'unix':
      return { lines: [inSocket(UNIX_NAMES[listen.scheme], listen.path.replaceAll('%', '%%'))] };
    case 'vsock':
      return {
        lines: [
          inSocket('ListenStream', `vsock:${listen.cid === 0xffff_ffff ? '' : listen.cid}:${listen.port}`),
        ],
      };
    case 'tcpmux':
      return { lines: cannot('listen', 'systemd has no tcpmux', context) };
    case 'sni':
      return { lines: cannot('listen', 'systemd ends no TLS', context) };
    case 'fd':
      return { lines: cannot('listen', 'a socket unit makes its socket itself', context) };
  }
}

/** What a socket unit listens on. */
export function listenLines(context: UnitContext, ports: Ports): readonly UnitLine[] {
  const { listen } = context.service.settings;
  const texts = listen === undefined ? [] : [listen.value].flat();
  const written = texts.map((text) => listenLine(text, ports, context));
  const lines = written.flatMap((each) => each.lines);
  const kinds = new Set(written.map(({ takesBoth }) => takesBoth).filter((each) => each !== undefined));
  if (kinds.size === 2)
    cannot('listen', 'all sockets of a unit take IPv4 as well, or none does: make two services', context);
  if (context.isWaiting && lines.length > 1) {
    leaveOut(
      'wait',
      'systemd starts one program with all sockets, where zinetd starts one for each',
      context,
    );
  }
  const [takesBoth] = kinds;
  if (takesBoth === undefined) return lines;
  return [...lines, inSocket('BindIPv6Only', takesBoth ? 'both' : 'ipv6-only')];
}
