import { loadavg } from 'node:os';
import type { DecisionFact, IdentFact, NameFact } from '../admission/facts.ts';
import { type Endpoint, isLinkLocal, parseAddress, unmapEndpoint } from '../model/address.ts';
import { UsageError } from '../model/errors.ts';
import { parseHostName } from '../model/host-name.ts';
import { isLocalPeer, unixPeerBytes, vsockBytes } from '../model/local-peer.ts';
import type { ServicePolicy } from '../model/policy.ts';
import { parseExplainTime } from './explain-time.ts';

/** The options of `explain` that stand for facts, as written. */
export interface ExplainFacts {
  readonly from: string;
  readonly to: string | undefined;
  readonly at: string | undefined;
  readonly load: string | undefined;
  readonly running: string | undefined;
  readonly 'source-running': string | undefined;
  readonly name: string | undefined;
  readonly ident: string | undefined;
  readonly decision: 'allow' | 'deny' | 'fail' | undefined;
}

/** What is taken for granted; the rest is as on a daemon that nobody has used yet. */
export interface GivenFacts {
  readonly peer: Endpoint;
  readonly local: Endpoint;
  readonly wallMs: number;
  readonly load: number;
  readonly running: number;
  readonly sourceRunning: number;
  readonly name: NameFact;
  readonly ident: IdentFact;
  readonly decision: DecisionFact;
}

const MOST_PORT = 65_535;
/** Of nobody. */
const NO_ID = 0xffff_ffff;
const EPHEMERAL_PORT = 49_152;
const ENDPOINT = /^(?:\[([^\]%]+)(%[^\]]+)?\]|([^:%]+))(?::(\d{1,5}))?$/;
const BARE_IPV6 = /^([^[\]%]*:[^[\]%]*:[^[\]%]*)(%.+)?$/;

/** The index of an interface; undefined for none of that name. */
export type FindInterface = (name: string) => number | undefined;

function wrong(value: string, option: string): UsageError {
  return new UsageError(`Cannot use "${value}" for --${option}`);
}

function parseZone(zone: string | undefined, findInterface: FindInterface): number {
  if (zone === undefined) return 0;
  const index = findInterface(zone.slice(1));
  if (index === undefined) throw new UsageError(`Cannot find the interface "${zone.slice(1)}"`);
  return index;
}

const LARGEST_ID = 0xffff_fffe;
const LOCAL = /^(uid|cid):(0|[1-9]\d{0,9})(?:,gid:(0|[1-9]\d{0,9}))?$/;

/** `uid:1000`, `uid:1000,gid:100`, `cid:3`; undefined for anything else. A group that is not said is none. */
function parseLocal(text: string, option: string): Endpoint | undefined {
  const [, kind, id, gid] = LOCAL.exec(text) ?? [];
  if (kind === undefined) return undefined;
  if (Number(id) > LARGEST_ID || Number(gid ?? 0) > LARGEST_ID) throw wrong(text, option);
  const rest = { port: 0, scopeId: 0 };
  if (kind === 'cid' && gid === undefined) return { family: 'vsock', bytes: vsockBytes(Number(id)), ...rest };
  if (kind === 'cid') throw wrong(text, option);
  const credentials = { uid: Number(id), gid: gid === undefined ? NO_ID : Number(gid), pid: 0 };
  return { family: 'unix', bytes: unixPeerBytes(credentials), ...rest };
}

/** `192.0.2.1`, `192.0.2.1:4000`, `2001:db8::1`, `[2001:db8::1]:4000`, `fe80::1%eth0`. */
function parseEndpoint(text: string, context: { option: string; findInterface: FindInterface }): Endpoint {
  const local = parseLocal(text, context.option);
  if (local) return local;
  const [, bare, bareZone] = BARE_IPV6.exec(text) ?? [];
  const [, bracketed, zone, plain, port = EPHEMERAL_PORT] = ENDPOINT.exec(text) ?? [];
  const bytes = parseAddress(bare ?? bracketed ?? plain ?? '');
  if (!bytes || Number(port) > MOST_PORT) {
    throw new UsageError(`Cannot use "${text}" for --${context.option}: write ADDRESS or ADDRESS:PORT`);
  }
  const named = bareZone ?? zone;
  if (named !== undefined && !isLinkLocal(bytes)) throw wrong(text, context.option);
  const scopeId = parseZone(named, context.findInterface);
  return unmapEndpoint({
    ...{ family: bytes.length === 4 ? 4 : 6, bytes, scopeId },
    port: bare === undefined ? Number(port) : EPHEMERAL_PORT,
  });
}

function parseLoad(text: string | undefined): number {
  if (text === undefined) return loadavg()[0] ?? 0;
  if (!/^\d{1,9}(\.\d{1,20})?$/.test(text)) throw wrong(text, 'load');
  return Number(text);
}

function parseCount(text: string | undefined, option: string): number {
  if (text !== undefined && !/^\d{1,9}$/.test(text)) throw wrong(text, option);
  return Number(text ?? 0);
}

function parseName(text: string | undefined): NameFact {
  if (text === undefined) return { kind: 'pending' };
  if (text === 'none') return { kind: 'unknown', why: 'none' };
  const name = parseHostName(text);
  if (name === undefined) throw wrong(text, 'name');
  return { kind: 'known', name };
}

function parseIdent(text: string | undefined): IdentFact {
  if (text === undefined) return { kind: 'pending' };
  return text === 'none'
    ? { kind: 'unknown', why: 'no_server' }
    : { kind: 'user', system: 'UNIX', user: text };
}

const DECISIONS: Readonly<Record<'allow' | 'deny' | 'fail', DecisionFact>> = {
  allow: { kind: 'allowed', reason: undefined },
  deny: { kind: 'denied', reason: undefined },
  fail: { kind: 'undecided', why: 'failed' },
};

/** Where the service listens, as far as the configuration says. */
function firstListener(service: ServicePolicy, peer: Endpoint): Endpoint {
  const addresses = service.listeners
    .map(({ address }) => address)
    .filter((address) => address.family !== 'path');
  return addresses.find(({ family }) => family === peer.family) ?? addresses[0] ?? peer;
}

/** Throws UsageError. */
export function parseExplainFacts(
  options: ExplainFacts,
  { service, findInterface }: { readonly service: ServicePolicy; readonly findInterface: FindInterface },
): GivenFacts {
  const peer = parseEndpoint(options.from, { option: 'from', findInterface });
  const local =
    options.to === undefined
      ? firstListener(service, peer)
      : parseEndpoint(options.to, { option: 'to', findInterface });
  return {
    ...{ peer, local },
    wallMs: parseExplainTime(options.at),
    load: parseLoad(options.load),
    running: parseCount(options.running, 'running'),
    sourceRunning: parseCount(options['source-running'], 'source-running'),
    name: isLocalPeer(peer.bytes) ? { kind: 'unknown', why: 'none' } : parseName(options.name),
    ident: parseIdent(options.ident),
    decision: options.decision === undefined ? { kind: 'pending' } : DECISIONS[options.decision],
  };
}
