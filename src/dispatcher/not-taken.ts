import { constants } from 'node:os';
import type { Bus } from '../events/bus.ts';
import type { LaunchFailure } from '../events/launch-failure.ts';
import { REQUEST_TYPES, type Request } from '../launch/request.ts';
import type { SpawnerEvent } from '../launch/spawner-event.ts';
import { SyscallError } from '../model/errors.ts';
import { errnoName } from '../native/errno.ts';
import type { Deciders } from './deciders.ts';
import type { Listeners } from './listeners.ts';
import type { OutletRequests } from './outlet-requests.ts';

interface Options {
  readonly bus: Bus;
  readonly listeners: Pick<Listeners, 'notOpened'>;
  readonly outlets: Pick<OutletRequests, 'unsent'>;
  readonly deciders: Pick<Deciders, 'failed'>;
  /** A launch of the floor's that came to nothing before the spawner had anything to do with it. */
  readonly onLaunch: (
    launch: { readonly id: number; readonly service: number },
    failure: LaunchFailure,
  ) => void;
}

/** Requests that came to nothing: the spawner refused them, or they never got there. */
export class NotTaken {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  refused(event: SpawnerEvent): void {
    // What was to be signalled has ended by itself meanwhile.
    if (event.status === REQUEST_TYPES.signal && event.errno === constants.errno.ESRCH) return;
    const { bus, listeners } = this.#options;
    const names = Object.entries(REQUEST_TYPES).find(([, number]) => number === event.status);
    const code = errnoName(event.errno);
    bus.emit({ type: 'request-refused', request: names?.[0] ?? 'unknown', code });
    if (event.status === REQUEST_TYPES.open && event.listener !== undefined)
      listeners.notOpened(event.listener, code);
    if (event.status === REQUEST_TYPES.launch || event.status === REQUEST_TYPES.launch_wait)
      this.#launch(event, { step: 'refused', code });
  }

  unsent(request: Request, code: string): void {
    const { listeners, outlets } = this.#options;
    if (request.type === 'open') listeners.notOpened(request.listener, code);
    else if (request.type === 'launch' || request.type === 'launch_wait')
      this.#launch(request, { step: 'send', code });
    else if (request.type === 'outlet') outlets.unsent(request.id, code);
    else if (request.type === 'notify')
      return; // the next one is due soon
    else throw new SyscallError({ call: 'send to', subject: 'the spawner', code });
  }

  #launch(launch: { readonly id: number; readonly service: number }, failure: LaunchFailure): void {
    const { deciders, onLaunch } = this.#options;
    if (!deciders.failed(launch.id, failure)) onLaunch(launch, failure);
  }
}
