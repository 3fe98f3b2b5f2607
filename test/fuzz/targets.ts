import { CONFIG_TARGETS } from './config-targets.ts';
import { PROTOCOL_TARGETS } from './protocol-targets.ts';
import { RECORD_TARGETS } from './record-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Whatever reads what others have written, but for the launch table and the requests to the spawner, which are read in C. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  ...CONFIG_TARGETS,
  ...PROTOCOL_TARGETS,
  ...RECORD_TARGETS,
];
