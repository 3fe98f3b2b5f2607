import type { Service } from '../model/service.ts';
import { missedDemand } from '../model/tls-demands.ts';
import type { TlsPolicy } from '../model/tls-policy.ts';
import type { LayeredService } from './layer.ts';
import { didYouMean } from './nearest.ts';
import { quote } from './quote.ts';
import type { Problem } from './report.ts';
import type { PlacedSniName } from './resolve-sni.ts';

/** A service that may be one. */
export interface Door {
  readonly settings: LayeredService;
  readonly service: Service;
}

export interface Services {
  /** Those without faults. */
  readonly enabled: readonly Door[];
  /** All that are written. */
  readonly layered: readonly LayeredService[];
}

/** A service that is reached by the name of a host, and that name. */
export interface Target {
  readonly service: string;
  readonly tls: TlsPolicy;
  readonly sni: PlacedSniName;
}

type Fault = Pick<Problem, 'message' | 'help'>;

const DEMANDS = {
  client: 'asks for more by "client"',
  client_ca: 'has another "client_ca"',
  min_version: 'has a higher "min_version"',
} as const;

/** Why no such service can be a door. */
function faultOfName({ service, sni }: Target, layered: readonly LayeredService[]): Fault | undefined {
  const subject = `Cannot choose service ${quote(service)} by SNI at ${quote(sni.door)}`;
  const door = layered.find(({ name }) => name === sni.door);
  if (!door) {
    const names = layered.map(({ name }) => name);
    return { message: `${subject}: there is no such service`, help: didYouMean(sni.door, names) };
  }
  if (sni.door === service) return { message: `${subject}: that is the service itself` };
  if (door.settings.enabled?.value !== true) return { message: `${subject}: it is not enabled` };
  return door.settings.tls || door.faulty.has('tls') ? undefined : { message: `${subject}: it has no "tls"` };
}

/** Why nobody could come in by that door; undefined: they could, or what is wrong with it is told already. */
export function faultOfDoor(target: Target, { enabled, layered }: Services): Fault | undefined {
  const { service, tls, sni } = target;
  const fault = faultOfName(target, layered);
  const door = enabled.find((each) => each.service.name === sni.door);
  if (fault || !door) return fault;
  const subject = `Cannot choose service ${quote(service)} by SNI at ${quote(sni.door)}`;
  if (door.service.listeners.length === 0)
    return { message: `${subject}: it has no listener of its own, so that it chooses for nobody` };
  const demand = door.service.tls && missedDemand(door.service.tls, tls);
  if (!demand) return undefined;
  const help = `the handshake is that of ${quote(sni.door)}: let it ask for as much`;
  return { message: `${subject}: ${quote(service)} ${DEMANDS[demand]}`, help };
}
