import type { ServiceStatus, Status } from '../../src/control/messages.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function exampleService(service: Partial<ServiceStatus> & { readonly name: string }): ServiceStatus {
  return {
    ...{ state: 'serving', running: 0, starting: 0, instances: 50 },
    counts: { started: 0, failed: 0, ended: 0, refused: 0, refusedFor: {} },
    listeners: [],
    ...service,
  };
}

/** A day in the life of a daemon with something of everything. What grows in `laterStatus` is shown in millions. */
export const EXAMPLE_STATUS: Status = {
  ...{ version: '0.1.0', pid: 4711, dispatcherPid: 4713, phase: 'serving', generation: 7, restarts: 1 },
  ...{ upMs: 3 * DAY_MS + 4 * HOUR_MS, running: 133, starting: 2, sources: 1204, bans: 3 },
  lastReload: { outcome: 'failed', agoMs: 12 * MINUTE_MS, why: '2 errors in the configuration' },
  services: [
    exampleService({
      ...{ name: 'echo', running: 12 },
      counts: { started: 1204, failed: 0, ended: 1192, refused: 3, refusedFor: { address: 3 } },
      listeners: [
        { at: 'tcp://127.0.0.1:7', state: 'open', pauses: [] },
        { at: 'tcp://[::1]:7', state: 'open', pauses: [] },
      ],
    }),
    exampleService({
      ...{ name: 'finger', state: 'suspended', instances: 10 },
      ...{ why: 'too many connections for a moment', forMs: 9000 },
      counts: {
        started: 812,
        failed: 2,
        ended: 812,
        refused: 40_100_401,
        refusedFor: { address: 11, service_limit: 40_100_390 },
      },
      listeners: [{ at: 'tcp://0.0.0.0:79', state: 'paused', pauses: ['suspended'] }],
    }),
    exampleService({
      ...{ name: 'ftp', state: 'failed', why: 'cannot listen: EADDRINUSE' },
      listeners: [{ at: 'tcp://0.0.0.0:21', state: 'failed', pauses: [], code: 'EADDRINUSE' }],
    }),
    exampleService({
      ...{ name: 'talk', state: 'disabled', running: 1, instances: 1 },
      counts: { started: 1, failed: 0, ended: 0, refused: 7, refusedFor: { disabled: 7 } },
      listeners: [{ at: 'udp://0.0.0.0:517', state: 'open', pauses: [] }],
    }),
    exampleService({
      ...{ name: 'time', running: 118, starting: 2, instances: null },
      counts: { started: 48_211_937, failed: 0, ended: 48_211_819, refused: 0, refusedFor: {} },
      listeners: [{ at: 'tcp://0.0.0.0:37', state: 'open', pauses: [] }],
    }),
  ],
};

const GROWTH: Readonly<Record<string, Partial<ServiceStatus['counts']>>> = {
  time: { started: 412 },
  finger: { refused: 3 },
};

/** The same after some seconds, in each of which as much happened. */
export function laterStatus(seconds: number): Status {
  const services = EXAMPLE_STATUS.services.map((service) => {
    const { counts } = service;
    const { started = 0, refused = 0 } = GROWTH[service.name] ?? {};
    const later = {
      started: counts.started + started * seconds,
      refused: counts.refused + refused * seconds,
    };
    return { ...service, counts: { ...counts, ...later } };
  });
  return { ...EXAMPLE_STATUS, upMs: EXAMPLE_STATUS.upMs + seconds * 1000, services };
}
