import { isDatagram } from '../model/listen-address.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';

const OFF = 'where no proxy is in front of it, write "proxy_protocol: false"';

interface Fault {
  readonly reason: string;
  readonly help?: string;
}

/** What the connections of a service are, such that nobody could read a header ahead of them. */
function findFault(service: LayeredService, placed: readonly PlacedListener[]): Fault | undefined {
  const { wait, id_only: idOnly } = service.settings;
  const schemes = placed.map(({ listener }) => listener.scheme);
  if (schemes.every(isDatagram)) {
    // What `defaults` say of connections is nothing to datagrams, but to write it here is a mistake.
    if (!service.own.has('proxy_protocol')) return undefined;
    if (schemes.length > 0) return { reason: 'datagrams have no header' };
    return {
      reason: 'who comes to it by tcpmux or SNI is known already',
      help: 'write it in the service that listens',
    };
  }
  if (wait?.value === true)
    return { reason: 'with "wait" its handler accepts, and would have to read the header', help: OFF };
  if (schemes.includes('unix-seqpacket'))
    return { reason: 'packets have borders, which a header does not keep', help: OFF };
  if (idOnly?.value === true)
    return { reason: 'with "id_only" clients are asked who they are, which they cannot say through a proxy' };
  return undefined;
}

/** Whether the connections of a service can begin with a header. */
export function checkProxyProtocol(
  service: LayeredService,
  { report, placed }: { readonly report: Report; readonly placed: readonly PlacedListener[] },
): void {
  const { proxy_protocol: setting } = service.settings;
  if (!setting || setting.value === false) return;
  const fault = findFault(service, placed);
  if (!fault) return;
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, setting),
    message: `Cannot use "proxy_protocol" in service ${quote(service.name)}: ${fault.reason}`,
    help: fault.help,
  });
}
