import { quote } from '../../config/quote.ts';
import type { MapEntry } from '../../config/syntax-node.ts';
import { entryOf, listNode, scalarNode } from '../tree.ts';
import { expandArguments } from './expand-arguments.ts';
import type { PairContext } from './pair.ts';
import { type Command, parseCommand } from './parse-command.ts';
import type { Word } from './text.ts';
import { listOf, placeOfValue, type Setting, topOf } from './unit.ts';
import type { Environment } from './variables.ts';
import { expandWord } from './words-of.ts';

/** The one command; undefined after a report. */
function commandOf({ service, report }: PairContext): { command: Command; setting: Setting } | undefined {
  const [setting, second] = listOf(service, 'Service', 'ExecStart');
  if (!setting) {
    const message = `Cannot start ${quote(service.name.full)}: it has no "ExecStart="`;
    return void report.add({ code: 'systemd/command', at: topOf(service), message });
  }
  if (second) {
    const message = 'Cannot use a second "ExecStart=": zinetd starts one program';
    return void report.add({ code: 'systemd/command', at: placeOfValue(second), message });
  }
  const command = parseCommand(setting);
  if ('code' in command) return void report.add(command);
  return { command, setting };
}

const WHY: readonly (readonly [RegExp, string])[] = [
  [/\+/, '"+" would start it as root, and free of all that the unit says of it'],
  [/(?<!!)!(?!!)/, '"!" would leave it to the program to become another user'],
  [/\|/, '"|" would start a shell'],
];

function checkPrefixes({ prefixes }: Command, setting: Setting, { report }: PairContext): void {
  const why = WHY.find(([pattern]) => pattern.test(prefixes))?.[1];
  if (why === undefined) return;
  const at = placeOfValue(setting, 0, prefixes.length);
  const message = `Cannot start the program of "ExecStart=${prefixes}": ${why}`;
  report.add({
    code: 'systemd/not-supported',
    at,
    message,
    help: 'say in "User=" and elsewhere what is meant',
  });
}

/** `server`, `argv0` and `server_args`; none after a report. */
export function programEntries(
  context: PairContext,
  environment: Environment,
): readonly (MapEntry | undefined)[] {
  const { service, accepts, report } = context;
  const found = commandOf(context);
  if (!found) return [];
  const { command, setting } = found;
  checkPrefixes(command, setting, context);
  const expand = (word: Word): readonly Word[] => {
    const expanded = expandWord(word, { unit: service, isPerClient: accepts, report });
    return expanded ? [expanded] : [];
  };
  const variables = { environment, pair: context, told: new Set<string>() };
  const put = (words: readonly Word[]): readonly Word[] =>
    command.prefixes.includes(':') ? words : expandArguments(words, variables);
  const [path] = expand(command.path);
  const [argv0] = put(command.argv0 ? expand(command.argv0) : []);
  const args = put(command.args.flatMap(expand)).map(({ text, place }) => scalarNode(text, place));
  return [
    path && entryOf('server', scalarNode(path.text, path.place)),
    argv0 && entryOf('argv0', scalarNode(argv0.text, argv0.place)),
    args.length > 0 ? entryOf('server_args', listNode(args, placeOfValue(setting))) : undefined,
  ];
}
