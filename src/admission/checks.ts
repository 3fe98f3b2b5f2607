import type { Check } from './check.ts';
import { accessCheck } from './checks/access.ts';
import { accessTimesCheck } from './checks/access-times.ts';
import { banCheck } from './checks/ban.ts';
import { certificateCheck } from './checks/certificate.ts';
import { cpsCheck } from './checks/cps.ts';
import { decideCheck } from './checks/decide.ts';
import { enabledCheck } from './checks/enabled.ts';
import { hostsAccessCheck } from './checks/hosts-access.ts';
import { idOnlyCheck } from './checks/id-only.ts';
import { instancesCheck } from './checks/instances.ts';
import { maxLoadCheck } from './checks/max-load.ts';
import { maxProcessesCheck } from './checks/max-processes.ts';
import { perSourceCheck } from './checks/per-source.ts';
import { ratePerSourceCheck } from './checks/rate-per-source.ts';
import { sensorCheck } from './checks/sensor.ts';

/**
 * In this order: the operator's word first, then identity, counters last, the source's before the service's. `id_only` and `decide`
 * ask somebody else, and so come after all of them, and the handshake brings `certificate` for those alone who may come.
 */
export const CHECKS: readonly Check[] = [
  enabledCheck,
  banCheck,
  accessCheck,
  hostsAccessCheck,
  sensorCheck,
  accessTimesCheck,
  maxLoadCheck,
  ratePerSourceCheck,
  perSourceCheck,
  cpsCheck,
  instancesCheck,
  maxProcessesCheck,
  idOnlyCheck,
  decideCheck,
  certificateCheck,
];
