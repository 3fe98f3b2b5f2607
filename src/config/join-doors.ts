import { X509Certificate } from 'node:crypto';
import { findNamed } from '../model/find-named.ts';
import type { TlsNamed } from '../model/tls-policy.ts';
import { type Door, faultOfDoor, type Services, type Target } from './fault-of-door.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { type PlacedSniName, sniNamesOf } from './resolve-sni.ts';

/** Each costs the dispatcher some memory. */
const MOST_NAMES = 1024;

/** Those that `*.` is about get the certificate that the service itself would show them. */
function entriesOf({ service, tls, sni }: Target): readonly TlsNamed[] {
  const names = [sni.name, ...tls.named.map(({ name }) => name).filter((name) => isBelow(name, sni.name))];
  return names.map((name) => {
    const { certificate, key } = findNamed(tls.named, name) ?? tls.first;
    return { name, certificate, key, service };
  });
}

function isBelow(name: string, wildcard: string): boolean {
  return (
    wildcard.startsWith('*.') && name !== wildcard && findNamed([{ name: wildcard }], name) !== undefined
  );
}

function checkCertificate({ tls, sni }: Target, report: Report): void {
  const { certificate } = findNamed(tls.named, sni.name) ?? tls.first;
  if (new X509Certificate(certificate).checkHost(sni.name.replace(/^\*/, 'a')) !== undefined) return;
  const message = `Found a certificate that clients will not take: it is not for ${quote(sni.name)}`;
  report.add({ code: 'config/tls-name', at: sni.place, message });
}

function targetsOf({ settings, service }: Door): readonly Target[] {
  const { tls, name } = service;
  return tls ? sniNamesOf(settings).map((sni) => ({ service: name, tls, sni })) : [];
}

/** Names that somebody has already, the door itself among them. */
function checkNames(
  targets: readonly Target[],
  { door, report }: { readonly door: Door; readonly report: Report },
): void {
  const first = new Map<string, PlacedSniName>();
  const at = door.service.name;
  for (const { sni } of targets) {
    const known = first.get(sni.name);
    first.set(sni.name, known ?? sni);
    const isOwn = door.service.tls?.named.some(({ name }) => name === sni.name);
    if (!known && !isOwn) continue;
    const message = `Cannot use ${quote(sni.name)} at ${quote(at)} twice: ${isOwn ? 'that has a certificate for it under "names"' : 'it leads to one service'}`;
    const related = known ? [{ at: known.place, message: 'first used here' }] : [];
    report.add({ code: 'config/duplicate-listener', at: sni.place, message, related });
  }
  const last = targets.at(-1);
  if (targets.length <= MOST_NAMES || !last) return;
  const message = `Cannot use more than ${MOST_NAMES} names of SNI at ${quote(at)}`;
  report.add({ code: 'config/sni', at: last.sni.place, message });
}

/** A door with what it leads to. Names that it has written itself stay its own. */
function join(
  door: Door,
  { targets, report }: { readonly targets: readonly Target[]; readonly report: Report },
): Door {
  const { tls } = door.service;
  const own = targets.filter(({ sni }) => sni.door === door.service.name);
  if (!tls || own.length === 0) return door;
  checkNames(own, { door, report });
  const written = [...tls.named, ...own.map(({ sni }) => sni)].map(({ name }) => name);
  const below = (entry: TlsNamed, { sni }: Target): boolean =>
    entry.name === sni.name || !written.includes(entry.name);
  const entries = own.flatMap((target) => entriesOf(target).filter((entry) => below(entry, target)));
  return { ...door, service: { ...door.service, tls: { ...tls, named: [...tls.named, ...entries] } } };
}

/** Brings services that are reached by the name of a host together with those that listen for them. */
export function joinDoors(services: Services, report: Report): readonly Door[] {
  const { enabled } = services;
  const targets = enabled.flatMap(targetsOf);
  if (targets.length === 0) return enabled;
  for (const target of targets) {
    const fault = faultOfDoor(target, services);
    if (fault) report.add({ code: 'config/sni', at: target.sni.place, ...fault });
    checkCertificate(target, report);
  }
  return enabled.map((door) => join(door, { targets, report }));
}
