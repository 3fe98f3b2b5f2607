import type { Budget } from './budget.ts';
import type { Host } from './host.ts';
import type { Report } from './report.ts';
import type { Sightings } from './sightings.ts';
import type { MapEntry, MapNode } from './syntax-node.ts';

/** What became of some lines of a file that is converted. */
export interface LineAccount {
  readonly file: string;
  readonly line: number;
  readonly lastLine: number;
  /** `problem`: a diagnostic says why nothing came of it; `unneeded`: it is for who starts programs there, which zinetd does itself. */
  readonly kind: 'service' | 'disabled' | 'comment' | 'directive' | 'blank' | 'unneeded' | 'problem';
  /** Of a service in the document; of a disabled one that is not in it as its file calls it. */
  readonly name: string | undefined;
  /** The comments among them, a line each, without what marks them as such. */
  readonly comments: readonly string[];
}

/** Files of another program as one document of ours, with all places in those files. */
export interface ForeignDocument {
  /** Undefined after a report that leaves nothing to go on with. */
  readonly root: MapNode | undefined;
  readonly accounts: readonly LineAccount[];
  /** Services that their files switch off, as far as they can be said in our words; nothing checks them. */
  readonly disabled?: readonly MapEntry[];
}

export interface ForeignContext {
  readonly report: Report;
  readonly ownerUid: number;
  readonly budget: Budget;
  readonly sightings?: Sightings | undefined;
  /** What a format has rules about that no document can state; undefined where nobody is to be asked. */
  readonly host?: Pick<Host, 'findPort' | 'mostFiles'>;
}

/** Reads the files of another program, with all that they include. */
export type ForeignFormat = (paths: readonly string[], context: ForeignContext) => ForeignDocument;
