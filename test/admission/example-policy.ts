import type { PreparedService } from '../../src/admission/prepared.ts';
import { prepareService } from '../../src/admission/prepared.ts';
import { CHECK_NAMES, type CheckName } from '../../src/model/check-name.ts';
import { LONG_LIFE } from '../../src/model/life-policy.ts';
import type { LimitPolicy } from '../../src/model/limit-policy.ts';
import { FAILURE_FIELDS, type LogPolicy, SUCCESS_FIELDS } from '../../src/model/log-policy.ts';
import type { Policy, ServicePolicy, ServiceRules } from '../../src/model/policy.ts';

const reject: LimitPolicy = { kind: 'reject', text: undefined };

/** Every check with the policy `reject`. */
export const ALL_REJECT: Readonly<Record<CheckName, LimitPolicy>> = Object.fromEntries(
  CHECK_NAMES.map((name) => [name, reject]),
) as Record<CheckName, LimitPolicy>;

/** Everything that needs nobody else is recorded, where the daemon's own records go. */
export const EXAMPLE_LOG: LogPolicy = {
  ...{
    destination: 0,
    success: SUCCESS_FIELDS.filter((it) => it !== 'userid'),
    failure: FAILURE_FIELDS.filter((it) => it !== 'userid'),
    address: { kind: 'keep' },
  },
};

/** Rules that ask for nothing but a cap, unless `changes` says otherwise. */
export function serviceRules(changes: Partial<ServiceRules> = {}): ServiceRules {
  return {
    hosts: undefined,
    sensor: undefined,
    times: undefined,
    maxLoad: undefined,
    ratePerSource: undefined,
    perSource: undefined,
    cps: undefined,
    instances: { soft: 50, hard: 50, dropPercent: 100 },
    decide: undefined,
    isIdOnly: false,
    penalties: undefined,
    policies: ALL_REJECT,
    ...changes,
  };
}

export function servicePolicy(changes: Partial<ServicePolicy> = {}): ServicePolicy {
  return {
    ...{ name: 'echo', isWaiting: false, builtin: undefined, mux: [], rpc: undefined },
    ...{
      listeners: [],
      access: undefined,
      redirect: undefined,
      banners: undefined,
      log: EXAMPLE_LOG,
      peerEnv: [],
      life: LONG_LIFE,
      imprint: '',
    },
    ...serviceRules(),
    ...changes,
  };
}

export function prepared(changes: Partial<ServicePolicy> = {}): PreparedService {
  return prepareService(servicePolicy(changes), undefined);
}

export function policyOf(services: readonly ServicePolicy[], changes: Partial<Policy> = {}): Policy {
  return {
    services,
    desks: [],
    ownerUid: 0,
    maxProcesses: undefined,
    sources: { ipv4Prefix: 32, ipv6Prefix: 64, capacity: 1024 },
    bans: { capacity: 1024, overflow: 'permissive', exempt: undefined },
    logs: [{ kind: 'stdout', format: undefined }],
    needsResolver: false,
    watched: [],
    errors: 0,
    ...changes,
  };
}
