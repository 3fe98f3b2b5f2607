import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { convertUnits } from './convert-units.ts';
import { machineDisk } from './disk.ts';

/** Reads socket units, or directories of them, with their services and drop-ins, as one document. */
export function readSystemd(paths: readonly string[], context: ForeignContext): ForeignDocument {
  return convertUnits(paths, { ...context, disk: machineDisk(context) });
}
