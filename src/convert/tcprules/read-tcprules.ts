import type { ForeignContext, ForeignDocument } from '../../config/foreign-format.ts';
import { convertInputs } from './convert-inputs.ts';

/** Reads scripts that start tcpserver or one of its kind, and the rules of those, as one document. */
export function readTcprules(paths: readonly string[], context: ForeignContext): ForeignDocument {
  return convertInputs(paths, context);
}
