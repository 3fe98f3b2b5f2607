import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import type { TlsCertificate } from '../model/tls-policy.ts';
import { certificateLife } from './certificate-life.ts';
import type { ListReader } from './list-reader.ts';
import { quote } from './quote.ts';
import type { Problem, Report } from './report.ts';
import type { Place } from './source.ts';
import type { TlsCertificateDocument } from './tls-document.ts';

/** The policy holds them in memory; a bundle of all roots of the web has a quarter of this. */
const MOST_BYTES = 1_048_576;
const OTHERS = 0o007;

export interface PemContext {
  readonly report: Report;
  readonly lists: ListReader;
}

/** Where the two were written. */
export interface PairPlaces {
  readonly certificate: Place;
  readonly key: Place;
}

/** The text of a file of PEM; undefined after a report. */
function readPem(
  path: string,
  { report, lists, at }: PemContext & { readonly at: Place },
): string | undefined {
  const bytes = lists.readBytes(path, at);
  if (!bytes) return undefined;
  if (bytes.length <= MOST_BYTES) return Buffer.from(bytes).toString('latin1');
  report.add({
    code: 'config/too-large',
    at,
    message: `Cannot read ${quote(path)}: it is larger than 1 MiB`,
  });
  return undefined;
}

/** Certificates of authorities as PEM; undefined after a report. A file without any would stand for nobody, or for everybody. */
export function readAuthorities(
  path: string,
  context: PemContext & { readonly at: Place },
): string | undefined {
  const pem = readPem(path, context);
  if (pem === undefined || attempt(() => new X509Certificate(pem))) return pem;
  const message = `Cannot find a certificate in ${quote(path)}: it has none as PEM`;
  context.report.add({ code: 'config/tls-certificate', at: context.at, message });
  return undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // OpenSSL says which byte it did not expect, and no more
  }
}

/** Whoever can read a key can be the service (S40); a group may, for what renews it. */
function exposure(path: string, at: Place): Problem | undefined {
  const mode = attempt(() => statSync(path).mode) ?? 0;
  if ((mode & OTHERS) === 0) return undefined;
  const message = `Cannot use the key in ${quote(path)}: others than its owner and group have access`;
  return { code: 'config/tls-key-exposed', at, message, help: `chmod o= ${path}` };
}

interface Read {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

function parse(
  written: { readonly pem: TlsCertificate; readonly paths: Required<TlsCertificateDocument> },
  { places, report }: { readonly places: PairPlaces; readonly report: Report },
): Read | undefined {
  const { pem, paths } = written;
  const fault = (at: Place, message: string): void =>
    report.add({ code: 'config/tls-certificate', at, message });
  const certificate = attempt(() => new X509Certificate(pem.certificate));
  const key = attempt(() => createPrivateKey(pem.key));
  if (!certificate)
    fault(places.certificate, `Cannot find a certificate in ${quote(paths.certificate)}: it has none as PEM`);
  if (!key)
    fault(places.key, `Cannot find a key in ${quote(paths.key)}: it has none as PEM without a passphrase`);
  if (!certificate || !key) return undefined;
  if (certificate.checkPrivateKey(key)) return { certificate, key };
  fault(
    places.key,
    `Cannot use the key in ${quote(paths.key)}: it is not that of ${quote(paths.certificate)}`,
  );
  return undefined;
}

/** A certificate and its key from their files, for a name if they are for one; undefined after a report. */
export function resolvePair(
  written: TlsCertificateDocument,
  options: PemContext & { readonly places: PairPlaces; readonly name: string | undefined },
): TlsCertificate | undefined {
  const { report, places, name } = options;
  const paths = { certificate: written.certificate, key: written.key ?? written.certificate };
  const certificate = readPem(paths.certificate, { ...options, at: places.certificate });
  const key = readPem(paths.key, { ...options, at: places.key });
  if (certificate === undefined || key === undefined) return undefined;
  const exposed = exposure(paths.key, places.key);
  if (exposed) report.add(exposed);
  const pem = { certificate, key };
  const read = parse({ pem, paths }, { places, report });
  if (!read) return undefined;
  const life = certificateLife(read.certificate);
  const subject = `Found a certificate in ${quote(paths.certificate)} that clients will not take`;
  if (life !== undefined)
    report.add({ code: 'config/tls-expiry', at: places.certificate, message: `${subject}: ${life}` });
  // Of a name with a star in front any name below it stands for all.
  if (name !== undefined && read.certificate.checkHost(name.replace(/^\*/, 'a')) === undefined)
    report.add({
      code: 'config/tls-name',
      at: places.certificate,
      message: `${subject}: it is not for ${quote(name)}`,
    });
  return exposed ? undefined : pem;
}
