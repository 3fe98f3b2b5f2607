import type { ForeignFile } from '../../config/read.ts';
import type { HostsRule } from '../../model/hosts-rules.ts';

export type TableName = 'allow' | 'deny';

/** A file of rules that was read. */
export interface TableFile {
  readonly table: TableName;
  readonly file: ForeignFile;
}

/** Both tables; what no file is there for has no rules. */
export type Tables = Readonly<Record<TableName, readonly HostsRule[]>>;
