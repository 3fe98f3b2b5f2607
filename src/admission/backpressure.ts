import type { CheckName } from '../model/check-name.ts';
import type { Facts } from './facts.ts';
import { retryAfterMs } from './gcra.ts';
import type { PreparedService } from './prepared.ts';

/** Why a service should not accept just now; `untilMs` from now, or undefined for "until something ends". */
export interface Hold {
  readonly check: CheckName;
  readonly untilMs: number | undefined;
}

/** How often the load average is looked at while it holds a service. */
const LOAD_MS = 1000;
/** Somebody may set the wall clock: what it says is looked at again twice a second (S90). */
const WALL_MS = 500;
/** Windows of time open with a minute. */
const MINUTE_MS = 60_000;

/** What of the facts a limit of a whole service depends on. */
export type ServiceFacts = Pick<
  Facts,
  'nowMs' | 'wallMs' | 'load' | 'serviceArrival' | 'running' | 'processes'
>;

/** How long a check holds the service: a time, `none`, or `open` for until something ends. */
type Look = (service: PreparedService, facts: ServiceFacts) => number | 'none' | 'open';

const LOOKS: readonly { readonly check: CheckName; readonly look: Look }[] = [
  {
    check: 'access_times',
    look: ({ times }, { wallMs }) => {
      if (!times || times.isOpen(wallMs)) return 'none';
      return Math.min(WALL_MS, MINUTE_MS - (wallMs % MINUTE_MS));
    },
  },
  {
    check: 'max_load',
    look: ({ policy }, { load }) => (load >= (policy.maxLoad ?? load + 1) ? LOAD_MS : 'none'),
  },
  {
    check: 'cps',
    look: ({ cps }, { serviceArrival: arrival, nowMs: now }) =>
      (cps && retryAfterMs(cps, { arrival, now })) || 'none',
  },
  {
    check: 'instances',
    look: ({ policy }, { running }) => (running >= policy.instances.hard ? 'open' : 'none'),
  },
  {
    check: 'max_processes',
    look: ({ maxProcesses }, { processes }) =>
      maxProcesses && processes >= maxProcesses.hard ? 'open' : 'none',
  },
];

function isQueueing(service: PreparedService, check: CheckName): boolean {
  return service.policy.policies[check].kind === 'queue';
}

/** Whether any of its limits has the policy `queue`. */
export function canHold(service: PreparedService): boolean {
  return LOOKS.some(({ check }) => isQueueing(service, check));
}

/** The limits with the policy `queue` that are reached: while there is one, clients wait in the backlog. Pure. */
export function holdsOf(service: PreparedService, facts: ServiceFacts): readonly Hold[] {
  return LOOKS.filter(({ check }) => isQueueing(service, check)).flatMap(({ check, look }) => {
    const wait = look(service, facts);
    return wait === 'none' ? [] : [{ check, untilMs: wait === 'open' ? undefined : wait }];
  });
}
