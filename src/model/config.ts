import type { Service } from './service.ts';

/** A configuration after the last of the five steps: frozen, numbers only, enabled services only. */
export interface Config {
  readonly services: readonly Service[];
}
