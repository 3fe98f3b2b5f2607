import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { CertificateFact, DecisionFact, IdentFact, NameFact } from '../admission/facts.ts';
import type { Endpoint } from '../model/address.ts';
import { clientCertificate } from '../model/client-certificate.ts';
import { UsageError } from '../model/errors.ts';
import { firstListener } from '../model/first-listener.ts';
import { parseHostName } from '../model/host-name.ts';
import { isLocalPeer } from '../model/local-peer.ts';
import { type FindInterface, parseEndpoint } from '../model/parse-endpoint.ts';
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
  readonly certificate: string | undefined;
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
  readonly certificate: CertificateFact;
}

function wrong(value: string, option: string): UsageError {
  return new UsageError(`Cannot use "${value}" for --${option}`);
}

/** Throws UsageError. */
function endpointOf(
  text: string,
  { option, findInterface }: { readonly option: string; readonly findInterface: FindInterface },
): Endpoint {
  const found = parseEndpoint(text, findInterface);
  if (!('fault' in found)) return found;
  if (found.fault === 'value') throw wrong(text, option);
  if (found.fault === 'interface') throw new UsageError(`Cannot find the interface "${found.name}"`);
  throw new UsageError(`Cannot use "${text}" for --${option}: write ADDRESS or ADDRESS:PORT`);
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

/** Nobody asks here who has signed it. */
function readCertificate(path: string | undefined): CertificateFact {
  if (path === undefined) return { kind: 'pending' };
  if (path === 'none') return { kind: 'none' };
  try {
    return clientCertificate(new X509Certificate(readFileSync(path)));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot read a certificate from "${path}": ${code}`);
  }
}

const DECISIONS: Readonly<Record<'allow' | 'deny' | 'fail', DecisionFact>> = {
  allow: { kind: 'allowed', reason: undefined },
  deny: { kind: 'denied', reason: undefined },
  fail: { kind: 'undecided', why: 'failed' },
};

/** Throws UsageError. */
export function parseExplainFacts(
  options: ExplainFacts,
  { service, findInterface }: { readonly service: ServicePolicy; readonly findInterface: FindInterface },
): GivenFacts {
  const peer = endpointOf(options.from, { option: 'from', findInterface });
  const local =
    options.to === undefined
      ? firstListener(service.listeners, peer)
      : endpointOf(options.to, { option: 'to', findInterface });
  return {
    ...{ peer, local },
    wallMs: parseExplainTime(options.at),
    load: parseLoad(options.load),
    running: parseCount(options.running, 'running'),
    sourceRunning: parseCount(options['source-running'], 'source-running'),
    name: isLocalPeer(peer.bytes) ? { kind: 'unknown', why: 'none' } : parseName(options.name),
    ident: parseIdent(options.ident),
    decision: options.decision === undefined ? { kind: 'pending' } : DECISIONS[options.decision],
    certificate: readCertificate(options.certificate),
  };
}
