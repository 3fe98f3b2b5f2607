import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, mapNode, scalarNode } from '../tree.ts';
import type { PairContext } from './pair.ts';
import { lastOf, topOf } from './unit.ts';
import type { Environment } from './variables.ts';
import { expandValue } from './words-of.ts';

/** What systemd sets for each service of the system that says nothing else. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What systemd adds by itself and a unit does not say, where it can be known: HOME and SHELL cannot. */
function addedEntries(context: PairContext): readonly MapEntry[] {
  const { service, accepts, report } = context;
  const at = topOf(service);
  const setting = lastOf(service, 'Service', 'User');
  const user = setting && expandValue(setting, { unit: service, isPerClient: accepts, report });
  const path = entryOf('PATH', scalarNode(PATH, at));
  if (!user || /^[0-9]/.test(user.text)) return [path];
  return [path, ...['USER', 'LOGNAME'].map((name) => entryOf(name, scalarNode(user.text, user.place)))];
}

function warnOfOrder(names: readonly string[], { service, report }: PairContext): void {
  for (const name of names) {
    const message = `Left out ${quote(name)} of "Environment=": a file of "EnvironmentFile=" has it as well, which wins in systemd and would not in zinetd`;
    report.add({ code: 'systemd/ignored', at: topOf(service), message });
  }
}

function envEntry(context: PairContext, { own, files }: Environment): MapEntry {
  const inFiles = (name: string): boolean => files.some(({ variables }) => variables.has(name));
  warnOfOrder([...own.keys()].filter(inFiles), context);
  const added = addedEntries(context).filter(({ key }) => !own.has(key) && !inFiles(key));
  const written = Array.from(own, ([name, { value, place }]) => entryOf(name, scalarNode(value, place)));
  const kept = written.filter(({ key }) => !inFiles(key));
  return entryOf('env', mapNode([...added, ...kept], topOf(context.service)));
}

/** The environment of the program. */
export function environmentEntries(
  context: PairContext,
  environment: Environment,
): readonly (MapEntry | undefined)[] {
  const { files, passed } = environment;
  const at = topOf(context.service);
  const [file] = files;
  const [first] = passed;
  return [
    envEntry(context, environment),
    file &&
      entryOf(
        'env_file',
        listNode(
          files.map(({ path }) => scalarNode(path.text, path.place)),
          file.path.place,
        ),
      ),
    first &&
      entryOf(
        'pass_env',
        listNode(
          passed.map(({ text, place }) => scalarNode(text, place)),
          first.place,
        ),
      ),
    context.accepts ? entryOf('peer_env', listNode([scalarNode('cgi', at)], at)) : undefined,
  ];
}
