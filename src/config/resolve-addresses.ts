import type { Endpoint } from '../model/address.ts';
import { askHost } from './ask-host.ts';
import type { Host } from './host.ts';
import type { FamilyChoice, ListenText } from './listen.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

type InetText = Extract<ListenText, { readonly kind: 'inet' }>;

interface Context {
  readonly host: Host;
  readonly report: Report;
  readonly at: Place;
  /** What the addresses are for, in messages; to listen on them unless it says otherwise. */
  readonly purpose?: string;
}

const ANY_4 = new Uint8Array(4);
const ANY_6 = new Uint8Array(16);

function wildcards(families: FamilyChoice): readonly Uint8Array[] {
  if (families === 'any') return [ANY_4, ANY_6];
  return families === 4 ? [ANY_4] : [ANY_6];
}

/** All addresses of a name, those of IPv4 first; none after a report. */
function addressesOf(
  name: string,
  { families, ...context }: Context & { families: FamilyChoice },
): readonly Uint8Array[] {
  const found = askHost(() => context.host.findAddresses(name), context);
  if (found.failed) return [];
  const wanted = found.value.filter(
    (bytes) => families === 'any' || bytes.length === (families === 4 ? 4 : 16),
  );
  if (wanted.length === 0) {
    const message = `Cannot find an address of ${quote(name)} to ${context.purpose ?? 'listen on'}`;
    context.report.add({ code: 'config/unknown-host', at: context.at, message });
  }
  return wanted;
}

/** A port by its name in services(5); undefined after a report. */
function findPort(text: InetText, context: Context): number | undefined {
  const { port, scheme } = text;
  if (typeof port === 'number') return port;
  const found = askHost(() => context.host.findPort(port, scheme), context);
  if (found.failed) return undefined;
  if (found.value === undefined) {
    const message = `Cannot find port ${quote(port)}: services(5) has no such name for ${scheme}`;
    context.report.add({ code: 'config/unknown-port', at: context.at, message, help: 'write its number' });
  }
  return found.value;
}

/** Where a listener of IP is to be: one or more addresses. */
export function resolveAddresses(text: InetText, context: Context): readonly Endpoint[] {
  const port = findPort(text, context);
  const { host, families } = text;
  if (port === undefined) return [];
  const addresses =
    typeof host !== 'string'
      ? [host]
      : host === '*'
        ? wildcards(families)
        : addressesOf(host, { ...context, families });
  return addresses.map((bytes) => ({ family: bytes.length === 4 ? 4 : 6, bytes, port, scopeId: 0 }));
}
