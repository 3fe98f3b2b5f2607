import type { EntryContext } from './entry-context.ts';
import type { ServiceShape } from './service-shape.ts';

/** An entry whose kind is known. */
export interface ShapedEntry extends EntryContext {
  readonly shape: ServiceShape;
}
