import { ENV_NAME } from '../../config/env-name.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import { typeFault } from './check-keys.ts';
import { type JobContext, missing, refuseValue } from './job-context.ts';
import type { PlistString } from './plist-node.ts';
import { arrayAt, dictAt, stringAt } from './plist-values.ts';

/** What launchd gives every program that it starts. */
const PATH = '/usr/bin:/bin:/usr/sbin:/sbin';

function argumentsOf({ job, report }: JobContext): readonly PlistString[] {
  return (arrayAt(job, 'ProgramArguments')?.items ?? []).flatMap((item) => {
    if (item.type === 'string') return [item];
    typeFault('ProgramArguments', item, ['string'], report);
    return [];
  });
}

function serverEntries(context: JobContext): readonly (MapEntry | undefined)[] {
  const { job } = context;
  const [argv0, ...args] = argumentsOf(context);
  const program = stringAt(job, 'Program') ?? argv0;
  if (!program) {
    missing(context, 'ProgramArguments', 'write the path of the program and its arguments');
    return [];
  }
  const items = args.map(({ value, place }) => scalarNode(value, place));
  const at = arrayAt(job, 'ProgramArguments')?.place ?? program.place;
  return [
    entryOf('server', scalarNode(program.value, program.place)),
    argv0 && argv0.value !== program.value
      ? entryOf('argv0', scalarNode(argv0.value, argv0.place))
      : undefined,
    items.length > 0 ? entryOf('server_args', listNode(items, at)) : undefined,
  ];
}

/** Its own variables, and the path to programs that launchd sets. */
function envEntry(context: JobContext): MapEntry {
  const { job, label } = context;
  const written = dictAt(job, 'EnvironmentVariables');
  const variables = [...(written?.entries.values() ?? [])].flatMap(({ key, keyPlace, value }): MapEntry[] => {
    if (value.type !== 'string') {
      typeFault(key, value, ['string'], context.report);
      return [];
    }
    if (ENV_NAME.test(key)) return [entryOf(key, scalarNode(value.value, value.place))];
    const reason = 'a name has letters, digits and "_" only';
    refuseValue(context, { key: 'EnvironmentVariables', at: keyPlace, written: key, reason });
    return [];
  });
  const hasPath = written?.entries.has('PATH') === true;
  const path = hasPath ? [] : [entryOf('PATH', scalarNode(PATH, label.place))];
  return entryOf('env', mapNode([...path, ...variables], written?.place ?? label.place));
}

function textEntry(key: string, text: PlistString | undefined): MapEntry | undefined {
  return text && entryOf(key, scalarNode(text.value, text.place));
}

/** Nothing of it reaches the client any more; a file of its own zinetd has not for it. */
function stderrEntry({ job, report }: JobContext): MapEntry | undefined {
  const path = stringAt(job, 'StandardErrorPath');
  if (!path) return undefined;
  if (path.value === '/dev/null') return entryOf('stderr', scalarNode('none', path.place));
  const message = 'Wrote the standard error to the log instead of "StandardErrorPath"';
  const help = '"log_type: {file: ...}" has a file for the records of a service, and this among them';
  report.add({ code: 'launchd/no-counterpart', at: path.place, message, help });
  return entryOf('stderr', scalarNode('log', path.place));
}

/** What is started, where, and with what. */
export function programEntries(context: JobContext): readonly (MapEntry | undefined)[] {
  const { job } = context;
  return [
    ...serverEntries(context),
    envEntry(context),
    textEntry('cwd', stringAt(job, 'WorkingDirectory')),
    textEntry('chroot', stringAt(job, 'RootDirectory')),
    stderrEntry(context),
  ];
}
