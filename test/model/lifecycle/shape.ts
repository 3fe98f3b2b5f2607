import type { CheckName } from '../../../src/model/check-name.ts';
import type { LimitPolicy } from '../../../src/model/limit-policy.ts';
import type { Penalties } from '../../../src/model/penalties.ts';
import type { Policy, ServicePolicy } from '../../../src/model/policy.ts';
import type { Rate } from '../../../src/model/rate.ts';
import { ALL_REJECT, policyOf, servicePolicy } from '../../admission/example-policy.ts';

/** What of a service the model knows. */
export interface Shape {
  readonly name: string;
  readonly port: number;
  readonly isWaiting: boolean;
  /** Its handlers get a socket with datagrams, and whoever sent the first is the client. */
  readonly isDatagram: boolean;
  readonly instances: number;
  readonly atInstances: 'reject' | 'queue';
  readonly perSource: number | undefined;
  /** So many of one source in a second; as many at once. */
  readonly ratePerSource: number | undefined;
  /** What a handler that crashes costs its client. */
  readonly crashMs: number | undefined;
  /** So many in a second; as many at once. */
  readonly cps: number | undefined;
  readonly atCps: 'reject' | 'queue' | 'suspend';
}

export const SUSPEND_MS = 3000;
/** Penalties that come to the first are a ban, of the second at the most. */
export const [THRESHOLD_MS, MOST_PENALTY_MS] = [2000, 5000] as const;
export const DESK = 'control';

const LIMIT_POLICIES: Readonly<Record<Shape['atCps'], LimitPolicy>> = {
  reject: { kind: 'reject', text: undefined },
  queue: { kind: 'queue' },
  suspend: { kind: 'suspend', forMs: SUSPEND_MS },
};

function perSecond(count: number | undefined): Rate | undefined {
  return count === undefined ? undefined : { count, perMs: 1000, burst: count };
}

function penaltiesOf(crashMs: number | undefined): Penalties | undefined {
  if (crashMs === undefined) return undefined;
  const nothingElse = { refusedMs: 0, tooFastMs: 0, timeLimitMs: 0, exitStatus: [] };
  return { ...nothingElse, crashMs, thresholdMs: THRESHOLD_MS, maxMs: MOST_PENALTY_MS };
}

function cap(hard: number): { soft: number; hard: number; dropPercent: number } {
  return { soft: hard, hard, dropPercent: 100 };
}

function serviceOf(shape: Shape): ServicePolicy {
  const { name, port, isWaiting, perSource, cps } = shape;
  const address = { family: 4, bytes: Uint8Array.of(127, 0, 0, 1), port, scopeId: 0 } as const;
  const policies: Record<CheckName, LimitPolicy> = { ...ALL_REJECT };
  policies.instances = LIMIT_POLICIES[shape.atInstances];
  policies.cps = LIMIT_POLICIES[shape.atCps];
  return servicePolicy({
    ...{ name, isWaiting, perSource, policies, instances: cap(shape.instances) },
    ...{ cps: perSecond(cps), ratePerSource: perSecond(shape.ratePerSource) },
    penalties: penaltiesOf(shape.crashMs),
    listeners: [{ scheme: shape.isDatagram ? 'udp' : 'tcp', address }],
  });
}

export function policyOfShapes(shapes: readonly Shape[], maxProcesses: number): Policy {
  const address = { family: 'path', path: '/run/control' } as const;
  const desk = servicePolicy({
    ...{ name: DESK, desk: 'control', listeners: [{ scheme: 'unix', address }], instances: cap(1) },
  });
  return policyOf(shapes.map(serviceOf), { desks: [desk], maxProcesses: cap(maxProcesses) });
}
