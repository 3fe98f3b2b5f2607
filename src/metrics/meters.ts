import type { ZinetdEvent } from '../events/event.ts';
import { ServiceMeter, type Timed } from './service-meter.ts';

/** What the daemon counts once. */
export interface DaemonCounts {
  reloaded: number;
  reloadFailed: number;
  recordsLost: number;
  resolverRestarts: number;
  sourcesUntracked: number;
}

/**
 * Counts events, of the services of the configuration alone: no label grows with what clients do. Everything here
 * counts from the moment that metrics are asked for.
 */
export class Meters {
  readonly daemon: DaemonCounts = {
    ...{ reloaded: 0, reloadFailed: 0, recordsLost: 0, resolverRestarts: 0, sourcesUntracked: 0 },
  };
  #services = new Map<string, ServiceMeter>();

  /** Another configuration: what it has goes on, the rest is forgotten. */
  keep(services: readonly string[]): void {
    this.#services = new Map(
      services.map((name) => [name, this.#services.get(name) ?? new ServiceMeter()] as const),
    );
  }

  of(service: string): ServiceMeter | undefined {
    return this.#services.get(service);
  }

  observe(service: string, { timed, ms }: { readonly timed: Timed; readonly ms: number }): void {
    this.#services.get(service)?.durations[timed].observe(ms / 1000);
  }

  /** A subscriber of the bus. */
  readonly take = (event: ZinetdEvent): void => {
    switch (event.type) {
      case 'started': {
        const meter = this.#services.get(event.service);
        if (meter) meter.started++;
        break;
      }
      case 'failed':
        this.#services.get(event.service)?.fail(event.failure.step);
        break;
      case 'exited':
        this.#services.get(event.service)?.exit(event.exit);
        break;
      default:
        this.#takeRare(event);
    }
  };

  #takeRare(event: ZinetdEvent): void {
    const { daemon } = this;
    if (event.type === 'datagrams-dropped') {
      const meter = this.#services.get(event.service);
      if (meter) meter.datagramsDropped += event.count;
    } else if (event.type === 'reloaded') daemon.reloaded++;
    else if (event.type === 'reload-failed') daemon.reloadFailed++;
    else if (event.type === 'records-lost') daemon.recordsLost += event.count;
    else if (event.type === 'log-resumed' || event.type === 'log-ended') daemon.recordsLost += event.lost;
    else if (event.type === 'resolver-restarted') daemon.resolverRestarts = event.times;
    else if (event.type === 'sources-full') daemon.sourcesUntracked += event.untracked;
  }
}
