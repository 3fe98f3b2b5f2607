import type { SuperServer } from '../harness/super-server.ts';
import type { Case } from './case.ts';

/** Cases that one start of each server serves. */
export interface Group {
  readonly title: string;
  /** Lines of the block `defaults`. */
  readonly defaults?: string;
  readonly cases: readonly Case[];
  /** Files laid over those of the machine, by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** What is done to the server after what the cases do before it; the file is the later one by then. */
  readonly act?: (server: SuperServer) => Promise<unknown>;
}
