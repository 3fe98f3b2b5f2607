import type { HostsOption } from '../../model/hosts-rules.ts';
import type { HostsCode } from './hosts-problem.ts';

/** What was read: an option or, of `allow` and `deny`, the verdict; or why not. */
export type ReadOption =
  | { readonly option: HostsOption | boolean }
  | { readonly reason: string; readonly code?: HostsCode; readonly help?: string };
