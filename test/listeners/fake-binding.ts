import type { Binding } from '../../src/native/binding.ts';
import type { Descriptor } from '../../src/native/descriptor.ts';
import { Poller } from '../../src/native/poller.ts';

/** A binding of which a test gives the calls that it needs; any other is a mistake in the test. */
export function fakeBinding(calls: Partial<Binding>): Binding {
  return new Proxy(calls as Binding, {
    get(target, name: keyof Binding) {
      const call = target[name];
      if (!call) throw new Error(`The test did not expect ${name}`);
      return call;
    },
  });
}

/** No other descriptor has it. */
const TURN_FD = 0x7fff_fff0;

/** A poller whose readiness the test plays. */
export class FakePoller {
  readonly watched = new Map<number, number>();
  readonly poller: Poller;
  #events: Uint32Array = new Uint32Array(0);
  #callback: (count: number) => void = () => {};

  constructor() {
    const binding = fakeBinding({
      pollerOpen: (events, callback) => {
        this.#events = events;
        this.#callback = callback;
        return 99;
      },
      watch: (_epoll, fd, token) => {
        this.watched.set(fd, token);
        return 0;
      },
      forget: (_epoll, fd) => {
        this.watched.delete(fd);
        return 0;
      },
    });
    this.poller = new Poller(binding);
  }

  /** One call back for a token, as it was when epoll saw it; readable unless said otherwise. */
  ready(token: number, events = 1): void {
    this.#events.set([token, events]);
    this.#callback(1);
  }

  /** What somebody does while the poller tells of what is ready. */
  turn(act: () => void): void {
    this.poller.watch({ fd: TURN_FD } as Descriptor, { events: 1, watcher: act });
    this.ready(this.token(TURN_FD));
    this.poller.forget({ fd: TURN_FD } as Descriptor);
  }

  token(fd: number): number {
    return this.watched.get(fd) ?? 0;
  }
}
