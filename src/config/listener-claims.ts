import { describeInherited } from '../model/inherited-socket.ts';
import { describeListen } from '../model/listen-address.ts';
import type { Listener } from '../model/service.ts';
import type { Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** Whatever else has its address. */
function hasAnyPort({ address, inherited }: Listener): boolean {
  return !inherited && address.family !== 'path' && address.port === 0;
}

function keyOf({ scheme, address, inherited }: Listener): string {
  if (inherited) return `fd://${inherited.name} ${inherited.number}`;
  return address.family === 'path' ? address.path : describeListen({ scheme, address });
}

function describe(listener: Listener): string {
  return listener.inherited ? describeInherited(listener.inherited) : describeListen(listener);
}

/** Two sockets cannot have one address; of port 0 the kernel makes different ones. */
export class ListenerClaims {
  readonly #first = new Map<string, PlacedListener>();

  /** Reports those that somebody has already. */
  check(listeners: readonly PlacedListener[], report: Report): void {
    const own = new Map<string, PlacedListener>();
    for (const placed of listeners) {
      if (hasAnyPort(placed.listener)) continue;
      const key = keyOf(placed.listener);
      const first = own.get(key) ?? this.#first.get(key);
      if (!first) {
        own.set(key, placed);
        continue;
      }
      report.add({
        code: 'config/duplicate-listener',
        at: placed.place,
        message: `Cannot listen on ${describe(placed.listener)} twice`,
        related: [{ at: first.place, message: 'first used here' }],
      });
    }
  }

  /** Nobody else can have them from now on. */
  claim(listeners: readonly PlacedListener[]): void {
    for (const placed of listeners) {
      const key = keyOf(placed.listener);
      if (!hasAnyPort(placed.listener) && !this.#first.has(key)) this.#first.set(key, placed);
    }
  }
}
