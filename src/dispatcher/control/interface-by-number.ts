import type { FindInterface } from '../../model/parse-endpoint.ts';

/** Interfaces go by number here: nothing of this process may ask for their names. */
export const interfaceByNumber: FindInterface = (zone) =>
  /^[1-9]\d{0,8}$/.test(zone) ? Number(zone) : undefined;
