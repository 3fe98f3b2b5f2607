import type { Endpoint } from '../model/address.ts';
import { isDatagram, type ListenAddress } from '../model/listen-address.ts';
import { vsockBytes } from '../model/local-peer.ts';
import type { Listener } from '../model/service.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { type FamilyChoice, type ListenText, parseListen } from './listen.ts';
import { placeOfItem } from './place-of.ts';
import type { Report } from './report.ts';
import { resolveAddresses } from './resolve-addresses.ts';
import { type Inherited, resolveInherited } from './resolve-inherited.ts';
import { resolveOwner } from './resolve-owner.ts';
import { resolveSocketOptions } from './resolve-socket-options.ts';
import type { Place } from './source.ts';

/** A listener and where it was written. */
export interface PlacedListener {
  readonly listener: Listener;
  readonly place: Place;
}

interface Context {
  readonly host: Host;
  readonly report: Report;
}

type SocketText = Exclude<ListenText, { readonly kind: 'tcpmux' | 'sni' | 'fd' }>;

function schemeOf(text: SocketText): Listener['scheme'] {
  return text.kind === 'vsock' ? 'vsock' : text.scheme;
}

function vsockEndpoint({ cid, port }: { readonly cid: number; readonly port: number }): Endpoint {
  return { family: 'vsock', bytes: vsockBytes(cid), port, scopeId: 0 };
}

function addressesOf(text: SocketText, context: Context & { readonly at: Place }): readonly ListenAddress[] {
  switch (text.kind) {
    case 'inet':
      return resolveAddresses(text, context);
    case 'unix':
      return [{ family: 'path', path: text.path }];
    case 'vsock':
      return [vsockEndpoint(text)];
  }
}

function isPath(address: ListenAddress): boolean {
  return address.family === 'path' && !address.path.startsWith('@');
}

/** A faulty setting does not hide a duplicate; nothing is built from what it stands in for. */
function makeListener(
  service: LayeredService,
  { address, text, ...context }: Context & { readonly address: ListenAddress; readonly text: SocketText },
): Listener {
  const { backlog, mptcp, wait, builtin } = service.settings;
  const scheme = schemeOf(text);
  const families: FamilyChoice = text.kind === 'inet' ? text.families : 'any';
  const family = address.family === 4 || address.family === 6 ? address.family : undefined;
  const isShared = wait?.value !== true && builtin === undefined;
  const isAnswering = builtin !== undefined;
  const kind = { scheme, family, families, isShared, isAnswering, isInherited: false };
  return {
    ...{ scheme, address },
    backlog: isDatagram(scheme) ? 0 : (backlog?.value ?? 0),
    options: resolveSocketOptions(service, { ...context, kind }),
    isMptcp: scheme === 'tcp' && mptcp?.value === true,
    owner: isPath(address) ? resolveOwner(service, context) : undefined,
  };
}

/** It is bound already: nothing of that is ours to say. */
function makeInherited(
  service: LayeredService,
  { found, ...context }: Context & { readonly found: Inherited },
): Listener {
  const { socket, place, isMptcp } = found;
  const { address, scheme } = place;
  const family = address.family === 4 || address.family === 6 ? address.family : undefined;
  const kind = { scheme, family, families: 'any', isShared: false, isInherited: true } as const;
  const isAnswering = service.settings.builtin !== undefined;
  return {
    ...{ scheme, address, backlog: 0, isMptcp, owner: undefined, inherited: socket },
    options: resolveSocketOptions(service, { ...context, kind: { ...kind, isAnswering } }),
  };
}

/** All listeners of a service, in its order, as far as they can be resolved; names of tcpmux and of SNI are none. */
export function resolveListeners(service: LayeredService, context: Context): readonly PlacedListener[] {
  const { listen } = service.settings;
  const texts = listen === undefined ? [] : [listen.value].flat();
  return texts.flatMap((written, index) => {
    const place = placeOfItem(service, { setting: listen, index });
    const text = parseListen(written);
    if ('reason' in text || text.kind === 'tcpmux' || text.kind === 'sni') return [];
    if (text.kind === 'fd') {
      const found = resolveInherited(text, { ...context, service, at: place });
      return found.map((each) => ({ listener: makeInherited(service, { ...context, found: each }), place }));
    }
    return addressesOf(text, { ...context, at: place }).map((address) => ({
      listener: makeListener(service, { ...context, address, text }),
      place,
    }));
  });
}
