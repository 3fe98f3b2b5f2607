import { basename, posix, resolve } from 'node:path';
import type { ForeignContext } from '../../config/foreign-format.ts';
import { quote } from '../../config/quote.ts';
import { isDirectory, SourceFiles, statsOf } from '../source-files.ts';
import type { TableFile, TableName } from './tables.ts';

const NAMES: readonly TableName[] = ['allow', 'deny'];

/** Which table a file is: its name has the word. */
function tableOf(path: string): TableName | undefined {
  const found = NAMES.filter((name) => basename(path).includes(name));
  return found.length === 1 ? found[0] : undefined;
}

/** What the command line names: files, and a directory with both. */
function namedPaths(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (!isDirectory(path)) return [path];
    const files = NAMES.map((name) => posix.join(path, `hosts.${name}`));
    return files.filter((file) => statsOf(file) !== undefined);
  });
}

/** The other table, which tcp_wrappers would ask as well, where it lies beside. */
function withOther(
  named: ReadonlyMap<TableName, string>,
  { report }: ForeignContext,
): ReadonlyMap<TableName, string> {
  const [first] = named;
  const other = NAMES.find((name) => !named.has(name));
  if (!first || other === undefined) return named;
  const [table, path] = first;
  const beside = posix.join(posix.dirname(path), basename(path).replace(table, other));
  const at = { file: path };
  if (statsOf(beside)) {
    const message = `Read ${quote(beside)} as well, which tcp_wrappers would ask, too`;
    report.add({ code: 'hosts_access/beside', at, message });
    return new Map([...named, [other, beside]]);
  }
  const message = `Took "hosts.${other}" for a file without rules: it was not named, and does not lie beside`;
  report.add({ code: 'hosts_access/alone', at, message, help: 'name both files, or their directory' });
  return named;
}

/** The tables, each once; undefined after a report. */
export function findTables(
  paths: readonly string[],
  context: ForeignContext,
): readonly TableFile[] | undefined {
  const { report } = context;
  const files = new SourceFiles(context);
  const named = new Map<TableName, string>();
  for (const path of namedPaths(paths)) {
    const table = tableOf(path);
    if (table === undefined || named.has(table)) {
      const reason =
        table === undefined ? 'its name has neither "allow" nor "deny" in it' : 'there is one already';
      const message = `Cannot tell which table ${quote(path)} is: ${reason}`;
      return void report.add({ code: 'hosts_access/which', at: { file: path }, message });
    }
    named.set(table, path);
  }
  if (named.size === 0) {
    const message = 'Cannot find "hosts.allow" or "hosts.deny" there';
    return void report.add({ code: 'hosts_access/which', at: { file: paths[0] ?? '' }, message });
  }
  const found = Array.from(withOther(named, context), ([table, path]) => {
    const file = files.read(resolve(path), { file: path });
    return file && { table, file };
  });
  return found.includes(undefined) ? undefined : found.filter((each) => each !== undefined);
}
