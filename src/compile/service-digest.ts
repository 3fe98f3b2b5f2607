import type { Config } from '../model/config.ts';
import type { Service } from '../model/service.ts';
import type { Digests } from './digest.ts';

/** What it names by a row, as what stands there: rows move when other services come and go. */
function rowFree(service: Service, { outlets, logs }: Config): object {
  const { redirect, log } = service;
  const destination = log.destination === undefined ? undefined : logs[log.destination];
  const sink =
    destination && 'outlet' in destination
      ? { ...destination, outlet: outlets[destination.outlet] }
      : destination;
  return {
    ...service,
    redirect: redirect && { ...redirect, outlet: outlets[redirect.outlet] },
    log: { ...log, destination: sink },
  };
}

/** The same for as long as nothing about the service has changed, its programs and sockets included. */
export function serviceDigest(
  service: Service,
  { config, digests }: { readonly config: Config; readonly digests: Digests },
): string {
  return digests.of(rowFree(service, config));
}
