import { isDatagram } from '../model/listen-address.ts';
import { DEFAULT_CIPHERS, secureContext } from '../model/secure-context.ts';
import type { TlsNamed, TlsPolicy } from '../model/tls-policy.ts';
import type { AttributeName } from './document.ts';
import { entryNode } from './entry-node.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import { resolveClients } from './resolve-clients.ts';
import { durationMs } from './resolve-limits.ts';
import type { PlacedListener } from './resolve-listeners.ts';
import { resolveMux } from './resolve-mux.ts';
import { sniNamesOf } from './resolve-sni.ts';
import type { Place } from './source.ts';
import type { TlsCertificateDocument, TlsDocument } from './tls-document.ts';
import { type PemContext, readAuthorities, resolvePair } from './tls-pair.ts';

const HANDSHAKE_TIMEOUT = '5s';
const HANDSHAKES = 256;

interface Context extends PemContext {
  readonly placed: readonly PlacedListener[];
}

/** Where a value within `tls` was written. */
function placeIn(service: LayeredService, keys: readonly string[]): Place {
  const setting = service.settings.tls;
  let node = setting?.node;
  for (const key of keys) node = entryNode(node, key) ?? node;
  return node?.place ?? placeOfSetting(service, setting);
}

function resolveNames(
  service: LayeredService,
  options: Context & { readonly written: TlsDocument },
): readonly TlsNamed[] {
  const entries: readonly [string, TlsCertificateDocument][] = Object.entries(options.written.names ?? {});
  return entries.flatMap(([written, pair]) => {
    const name = written.toLowerCase();
    const places = {
      certificate: placeIn(service, ['names', written, 'certificate']),
      key: placeIn(service, ['names', written, 'key']),
    };
    const found = resolvePair(pair, { ...options, places, name });
    return found ? [{ ...found, name }] : [];
  });
}

/** Whose certificates are those of clients; undefined after a report, and when none are asked for. */
function resolveClientCa(
  service: LayeredService,
  { written, report, lists }: Context & { readonly written: TlsDocument },
): string | undefined {
  const { client = 'none', client_ca: path } = written;
  const at = placeIn(service, [path === undefined ? 'client' : 'client_ca']);
  if ((client === 'none') === (path === undefined))
    return path && readAuthorities(path, { report, lists, at });
  const message =
    path === undefined
      ? `Cannot ask clients of service ${quote(service.name)} for certificates: "client_ca" is missing`
      : `Cannot use "client_ca" in service ${quote(service.name)}: "client" does not ask for certificates`;
  report.add({ code: 'config/conflict', at, message });
  return undefined;
}

/** OpenSSL itself says whether it can work with that; the dispatcher will do the same. */
function tryOut(
  service: LayeredService,
  { policy, report }: { readonly policy: TlsPolicy; readonly report: Context['report'] },
): void {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  for (const pair of [policy.first, ...policy.named]) {
    try {
      createSecureContext(secureContext(pair, policy));
    } catch (error) {
      const reason = (error as { readonly reason?: string }).reason ?? (error as Error).message;
      const keys = 'name' in pair ? ['names', (pair as TlsNamed).name] : [];
      const message = `Cannot speak TLS for service ${quote(service.name)}: OpenSSL says ${quote(reason)}`;
      report.add({ code: 'config/tls-certificate', at: placeIn(service, keys), message });
    }
  }
}

/** How zinetd speaks TLS for a service; undefined when it does not, and after a report. */
export function resolveTls(service: LayeredService, context: Context): TlsPolicy | undefined {
  const written = service.settings.tls?.value;
  if (!written) return undefined;
  checkTls(service, context);
  checkTexts(service, context);
  const places = { certificate: placeIn(service, ['certificate']), key: placeIn(service, ['key']) };
  const first = resolvePair(written, { ...context, places, name: undefined });
  const named = resolveNames(service, { ...context, written });
  const clientCa = resolveClientCa(service, { ...context, written });
  if (!first) return undefined;
  const policy: TlsPolicy = {
    ...{ first, named, clientCa, client: written.client ?? 'none' },
    clients: resolveClients(service, context.report),
    minVersion: written.min_version ?? '1.2',
    ciphers: written.ciphers ?? DEFAULT_CIPHERS,
    alpn: written.alpn ?? [],
    handshakeMs: durationMs(written.handshake_timeout ?? HANDSHAKE_TIMEOUT),
    handshakes: written.handshakes ?? HANDSHAKES,
  };
  tryOut(service, { policy, report: context.report });
  return policy;
}

/** What has its own idea of the first bytes, or of the socket. */
const NOT_WITH_TLS: Readonly<Partial<Record<AttributeName, string>>> = {
  wait: 'its handler accepts, and would have to speak TLS itself',
  sensor: 'nobody is served',
  banner: 'it would be told ahead of the handshake, in clear: write "banner_success"',
  banner_fail: 'whoever is refused is refused ahead of the handshake, and would be told in clear',
};

/** Texts for whoever is refused: there is nobody to tell in clear, but who comes by SNI, or has shown a certificate. */
function checkTexts(service: LayeredService, { report }: Context): void {
  const { policies } = service.settings;
  if (!policies || !service.own.has('policies') || sniNamesOf(service).length > 0) return;
  for (const [check, policy] of Object.entries(policies.value)) {
    const told =
      typeof policy === 'object' &&
      ('reject' in policy ? policy.reject : 'tarpit' in policy && policy.tarpit);
    if (!told || told.text === undefined || check === 'certificate') continue;
    const message = `Found no use for the text of ${quote(`policies.${check}`)} in service ${quote(service.name)}: whoever is refused is refused ahead of the handshake`;
    report.add({ code: 'config/no-effect', at: placeOfSetting(service, policies), message });
  }
}

/** Settings that contradict TLS. */
function checkTls(service: LayeredService, { report, placed }: Context): void {
  const { settings, name } = service;
  const conflict = (at: Place, subject: string, reason: string): void =>
    report.add({
      code: 'config/conflict',
      at,
      message: `Cannot use ${quote(subject)} together with "tls" in service ${quote(name)}: ${reason}`,
    });
  for (const [attribute, reason] of Object.entries(NOT_WITH_TLS) as [AttributeName, string][]) {
    const setting = settings[attribute];
    if (setting && setting.value !== false) conflict(placeOfSetting(service, setting), attribute, reason);
  }
  if (resolveMux(service).length > 0)
    conflict(placeOfSetting(service, settings.listen), 'tcpmux://', 'tcpmux speaks in clear');
  const kind = settings.builtin?.value;
  if (kind === 'tcpmux' || kind === 'ident')
    conflict(placeOfSetting(service, settings.builtin), `builtin: ${kind}`, 'its protocol has none');
  for (const {
    listener: { scheme },
    place,
  } of placed)
    if (isDatagram(scheme) || scheme === 'unix-seqpacket')
      conflict(place, `${scheme}://`, 'TLS needs a stream');
}
