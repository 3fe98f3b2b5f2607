import { allCommands, type CommandFacts } from '../../scripts/command-facts.ts';
import { METHODS } from '../../src/control/protocol.ts';

const COMMANDS: ReadonlyMap<string, CommandFacts> = new Map(allCommands().map((each) => [each.name, each]));
const BEGINNING = /^(?:\$ |# )?(?:sudo )?(?:npx )?(?:npm start -- |zinetd )(.*)$/;

/** The commands of a line of a shell, as far as they are zinetd's: what stands behind the name of the program. */
export function zinetdLines(text: string): readonly string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .flatMap((line) => line.split(/ && | \|\|? |; | #/))
    .map((each) => BEGINNING.exec(each.trim())?.[1])
    .filter((each) => each !== undefined);
}

function optionsOf(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return (end === -1 ? words : words.slice(0, end))
    .filter((word) => /^--?[a-z]/.test(word))
    .map((word) => word.replace(/^--?/, '').replace(/=.*$/, ''));
}

/** Why a command line cannot be right; undefined if it may be. */
export function problemOfLine(line: string): string | undefined {
  const [name = '', ...words] = line.split(/\s+/);
  if (/^(--help|--version|COMMAND|ARGS|\.\.\.)$/.test(name)) return undefined;
  const command = COMMANDS.get(name);
  // Of those that talk to the daemon the protocol may know before the command line does.
  if (!command && Object.hasOwn(METHODS, name)) return undefined;
  if (!command) return `no such command: ${line}`;
  const known = command.options.flatMap(({ name: long, alias }) => (alias ? [long, alias] : [long]));
  const unknown = optionsOf(words).find((option) => ![...known, 'help'].includes(option));
  return unknown === undefined ? undefined : `no option "${unknown}": ${line}`;
}
