import type { Endpoint } from '../model/address.ts';
import { isLoopback } from '../model/is-loopback.ts';
import type { ListenAddress, ListenPlace } from '../model/listen-address.ts';
import type { Listener } from '../model/service.ts';
import { SOCKET_OPTIONS } from '../model/socket-option.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** A service that is relayed: where it listens, and where it leads. */
export interface PlacedRelay {
  readonly settings: LayeredService;
  readonly placed: readonly PlacedListener[];
  readonly target: ListenPlace;
}

function isAny({ bytes }: Endpoint): boolean {
  return bytes.every((byte) => byte === 0);
}

function isForBoth({ options }: Listener): boolean {
  const [level, name] = SOCKET_OPTIONS.v6only;
  return options.some((it) => it.level === level && it.name === name && it.value === 0);
}

function isSameAddress(left: Endpoint, right: Endpoint): boolean {
  return left.family === right.family && left.bytes.every((byte, index) => byte === right.bytes[index]);
}

/** Whether a connection to the address comes in there, as far as that can be known without asking the machine. */
function takes(listener: Listener, target: ListenAddress): boolean {
  const { address, scheme } = listener;
  if (scheme !== 'tcp' || address.family === 'path' || target.family === 'path') return false;
  if (address.port !== target.port) return false;
  if (isSameAddress(address, target)) return true;
  const isOfFamily = address.family === target.family || (isForBoth(listener) && target.family === 4);
  // connect(2) to the address of nobody leads here as well.
  const isHere = isLoopback(target.bytes) || isAny(target);
  return isOfFamily && isHere && (isAny(address) || (isAny(target) && isLoopback(address.bytes)));
}

function isTaken({ placed }: PlacedRelay, { address }: ListenPlace): boolean {
  return placed.some(({ listener }) => takes(listener, address));
}

/** Services that are relayed to each other would carry one connection round and round, until a limit is reached. */
export class RelayClaims {
  readonly #known: PlacedRelay[] = [];

  /** Reports a service that leads back to itself, by itself or by others. */
  check(relay: PlacedRelay, report: Report): void {
    const open = [relay.target];
    const seen = new Set<PlacedRelay>();
    for (let target = open.pop(); target !== undefined; target = open.pop()) {
      if (isTaken(relay, target)) {
        this.#report(relay, report);
        return;
      }
      for (const next of this.#known) {
        if (seen.has(next) || !isTaken(next, target)) continue;
        seen.add(next);
        open.push(next.target);
      }
    }
  }

  claim(relay: PlacedRelay): void {
    this.#known.push(relay);
  }

  #report({ settings }: PlacedRelay, report: Report): void {
    const at = placeOfSetting(settings, settings.settings.redirect);
    const message = `Cannot relay service ${quote(settings.name)}: its connections would come back to it`;
    report.add({ code: 'config/redirect-loop', at, message });
  }
}
