import type { Place } from '../../config/source.ts';
import type { RlinetdService } from './rlinetd-service.ts';

/** Some lines of a file, before those between are known. */
export interface Item {
  readonly kind: 'service' | 'directive' | 'problem';
  readonly place: Place;
  readonly service?: RlinetdService;
}
