import { type ArgumentFacts, allCommands, type CommandFacts } from './command-facts.ts';
import { commandNotes } from './command-notes.ts';
import { EXIT_WORDS } from './exit-words.ts';
import { fillTemplate } from './fill-template.ts';
import { argument, mdocLines } from './mdoc.ts';
import { placeholderOf, placeholdersOf } from './option-words.ts';

/** `Ar FILE`, or one of a few words: `Cm text | json`. */
function placeholderMacro(option: ArgumentFacts): string {
  const placeholder = placeholderOf(option);
  if (placeholder === '') return '';
  if (!placeholder.includes('|')) return ` Ar ${argument(placeholder)}`;
  return ` Cm ${placeholder.split('|').join(' | ')}`;
}

function optionItem(option: ArgumentFacts): readonly string[] {
  const placeholder = placeholderMacro(option);
  const short = option.alias === undefined ? '' : `Fl ${option.alias} , `;
  const standard = option.standard === undefined ? '' : ` Default: \`${option.standard}\`.`;
  const words =
    typeof option.value === 'object' && placeholder.startsWith(' Ar')
      ? ` One of ${option.value.map((each) => `\`${each}\``).join(', ')}.`
      : '';
  const often = option.isRepeatable ? ' May be given more than once.' : '';
  return [
    `.It ${short}Fl \\-${argument(option.name)}${placeholder}`,
    ...mdocLines(`${option.describe}.${words}${often}${standard}`),
  ];
}

function positionalItem({ name, describe, value }: ArgumentFacts): readonly string[] {
  const words = typeof value === 'object' ? ` One of ${value.map((each) => `\`${each}\``).join(', ')}.` : '';
  return [`.It Ar ${argument(name.toUpperCase())}`, ...mdocLines(`${describe}.${words}`)];
}

function placeholderLine(word: string): string {
  return word.startsWith('[') ? `.Op Ar ${word.slice(1, -1)}` : `.Ar ${word}`;
}

function usageLines(command: CommandFacts): readonly string[] {
  const mandatory = command.options.filter(({ isMandatory }) => isMandatory);
  const hasMore = command.options.length > mandatory.length;
  return [
    '.Nm',
    `.Cm ${argument(command.name)}`,
    ...placeholdersOf(command).map(placeholderLine),
    ...mandatory.map((option) => `.Fl \\-${argument(option.name)}${placeholderMacro(option)}`),
    ...(hasMore ? ['.Op Ar options'] : []),
    ...(command.takesProgram ? ['.Fl \\-', '.Ar PROGRAM Op Ar ARGUMENTS'] : []),
  ];
}

function commandLines(command: CommandFacts, note: string | undefined): readonly string[] {
  const items = [...command.positionals.map(positionalItem), ...command.options.map(optionItem)];
  const told = command.epilogue === undefined ? '' : ` ${command.epilogue}`;
  const noteLines = note === undefined ? [] : mdocLines(note);
  return [
    `.Ss ${command.name}`,
    ...mdocLines(`${command.describe}.${told}`),
    ...(items.length === 0 ? [] : ['.Bl -tag -width Ds', ...items.flat(), '.El']),
    // A block of code has its own distance to what is above.
    ...(noteLines.length === 0 || noteLines[0]?.startsWith('.Bd') ? [] : ['.Pp']),
    ...noteLines,
  ];
}

function exitLines(): readonly string[] {
  return EXIT_WORDS.flatMap(({ code, words }) => [`.It ${code}`, ...mdocLines(words)]);
}

/** man/zinetd.8. */
export function manZinetd(): string {
  const commands = allCommands();
  const notes = commandNotes();
  return fillTemplate(
    'zinetd.8',
    new Map([
      ['synopsis', commands.flatMap(usageLines)],
      ['commands', commands.flatMap((command) => commandLines(command, notes.get(command.name)))],
      ['exit-status', exitLines()],
    ]),
  );
}
