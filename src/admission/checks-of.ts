import type { Check } from './check.ts';
import { CHECKS } from './checks.ts';
import type { PreparedService } from './prepared.ts';

/** The checks that a service has, in their order. */
export function checksOf(service: PreparedService): readonly Check[] {
  return CHECKS.filter((check) => check.applies(service));
}
