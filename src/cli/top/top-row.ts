import type { ServiceStatus } from '../../control/messages.ts';
import type { Rates } from './rates.ts';

export interface TopRow {
  readonly service: ServiceStatus;
  readonly rates: Rates | undefined;
}
