import type { CredentialDocument } from './credential-document.ts';
import { entryNode } from './entry-node.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { CREDENTIALS_DIRECTORY, type Credential } from './sandbox/plan-credentials.ts';
import type { Place } from './source.ts';
import { checkTrust } from './trust.ts';

const OTHERS = 0o007;

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly lists: ListReader;
}

function placeOfName(service: LayeredService, name: string): Place {
  const setting = service.settings.credentials;
  return entryNode(setting?.node, name)?.place ?? placeOfSetting(service, setting);
}

/** Whoever can read the file does not need the handler for it (S40). */
function warnOfReaders(path: string, { host, report, at }: Context & { readonly at: Place }): void {
  const trust = checkTrust(path, host);
  const mode = trust.trusted ? trust.stats.mode : 0;
  if ((mode & OTHERS) === 0) return;
  const message = `Found a credential in ${quote(path)} that is none: others than its owner and group have access`;
  report.add({ code: 'config/credential-exposed', at, message, help: `chmod o= ${path}` });
}

/** Undefined where it may be missing and is, and after a report. */
function bytesOf(
  written: CredentialDocument,
  context: Context & { readonly at: Place },
): Uint8Array | undefined {
  const { lists, at } = context;
  if (typeof written !== 'string' && written.text !== undefined)
    return new TextEncoder().encode(written.text);
  const { path, optional = false } = typeof written === 'string' ? { path: written } : written;
  if (optional && lists.isMissing(path)) return undefined;
  const bytes = lists.readSecret(path, at);
  if (bytes) warnOfReaders(path, context);
  return bytes;
}

/** Where they are put is made by root: nobody else may say what is on the way. */
function checkPlace(service: LayeredService, { host, report }: Context): void {
  const { chroot, credentials: setting } = service.settings;
  const directory = `${chroot?.value ?? ''}${CREDENTIALS_DIRECTORY}`;
  const trust = checkTrust(directory.slice(0, directory.lastIndexOf('/')), host);
  if (trust.trusted) return;
  const code = trust.kind === 'untrusted' ? 'config/untrusted-path' : 'config/unreadable';
  const message = `Cannot put credentials of service ${quote(service.name)} into ${quote(directory)}: ${trust.reason}`;
  report.add({ code, at: placeOfSetting(service, setting), message });
}

/** What only the handlers of the service may read, from files that they could not read themselves. */
export function resolveCredentials(service: LayeredService, context: Context): readonly Credential[] {
  const setting = service.settings.credentials;
  if (!setting) return [];
  checkPlace(service, context);
  const entries: readonly [string, CredentialDocument][] = Object.entries(setting.value);
  return entries.flatMap(([name, written]) => {
    const bytes = bytesOf(written, { ...context, at: placeOfName(service, name) });
    return bytes ? [{ name, bytes }] : [];
  });
}
