import { MOST_AWAITED_HEADERS } from '../model/most-awaited-headers.ts';
import { childrenOfPool } from '../model/pool-policy.ts';
import type { Service } from '../model/service.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';

/** What the dispatcher has besides, with some for logs, questions, clients on their way to a handler, and children that wait for one (decision 24). */
const OWN = 512;

interface Enabled {
  readonly settings: LayeredService;
  readonly service: Service;
}

/**
 * Of each connection: a handler has the socket to itself, and zinetd reads what it says to the log; zinetd keeps that of
 * its own services, and two of a relay. TLS is a relay between the client and whoever that is.
 */
function perConnection({ redirect, builtin, tls, programs }: Service): number {
  const ofTls = tls ? 2 : 0;
  if (redirect) return ofTls + 2;
  return ofTls + (builtin || programs.some(({ stderr }) => stderr === 'log') ? 1 : 0);
}

/** A worker has its channel, and perhaps a pipe; connections that wait for one are zinetd's until then. */
function ofPool({ pool, tls, rules, programs }: Service): number {
  if (!pool) return 0;
  const ofWorker = programs.some(({ stderr }) => stderr === 'log') ? 2 : 1;
  const ofClients = (tls ? 2 : 0) * rules.instances.hard + rules.instances.hard;
  return ofWorker * childrenOfPool(pool) + ofClients;
}

function needOf({ service }: Enabled): number {
  const awaited = service.proxy ? MOST_AWAITED_HEADERS : 0;
  const ofClients = service.pool ? ofPool(service) : perConnection(service) * service.rules.instances.hard;
  return service.listeners.length + awaited + ofClients;
}

/** Whether all that may be open at once can be: without that, connections would fail with EMFILE for all services. */
export function checkDescriptors(
  enabled: readonly Enabled[],
  { host, report }: { readonly host: Pick<Host, 'mostFiles'>; readonly report: Report },
): void {
  const need = enabled.reduce((sum, each) => sum + needOf(each), OWN);
  const [most] = [...enabled].sort((a, b) => needOf(b) - needOf(a));
  if (!most || need <= host.mostFiles) return;
  const { settings, service } = most;
  report.add({
    code: 'config/too-few-descriptors',
    at: placeOfSetting(settings, settings.settings.instances),
    message: `Found use for ${need} descriptors, where ${host.mostFiles} can be open: service ${quote(service.name)} may take ${needOf(most)} of them`,
    help: 'write less for "instances", or start zinetd with a higher limit (LimitNOFILE= of systemd, ulimit -n)',
  });
}
