import { type ArgumentFacts, allCommands, type CommandFacts } from './command-facts.ts';
import { commandNotes } from './command-notes.ts';
import { placeholderOf, placeholdersOf } from './option-words.ts';
import { table } from './table.ts';

const INTRODUCTION = `# Command line

\`zinetd COMMAND [OPTIONS]\`. \`zinetd --help\` and \`zinetd COMMAND --help\` print this in short, \`zinetd --version\` the version.
The [exit codes](exit-codes.md) are the same for all commands. From a checkout, \`npm start --\` stands for \`zinetd\`.

An option is \`--name VALUE\` or \`--name=VALUE\`, and stands once unless it says otherwise. What is misspelt is refused, with the
name that is nearest. This page is made from the table of commands and the notes beside it: \`npm run docs\` renews it.
`;

function usageOf(command: CommandFacts): string {
  const mandatory = command.options
    .filter(({ isMandatory }) => isMandatory)
    .map((option) => `--${option.name} ${placeholderOf(option)}`);
  const words = ['zinetd', command.name, ...placeholdersOf(command), ...mandatory];
  const isMore = command.options.some(({ isMandatory }) => !isMandatory);
  return [
    ...words,
    ...(isMore ? ['[OPTIONS]'] : []),
    ...(command.takesProgram ? ['-- PROGRAM [ARGUMENTS]'] : []),
  ].join(' ');
}

function optionCell(option: ArgumentFacts): string {
  const placeholder = placeholderOf(option);
  const long = `--${option.name}${placeholder === '' ? '' : ` ${placeholder}`}`.replaceAll('|', '\\|');
  return option.alias === undefined ? `\`${long}\`` : `\`-${option.alias}\`, \`${long}\``;
}

function saying({ describe, value, isRepeatable, isMandatory }: ArgumentFacts): string {
  const words = typeof value === 'object' && value.length > 4 ? `; one of ${value.join(', ')}` : '';
  const often = isRepeatable ? '; may be given more than once' : '';
  return `${describe}${words}${often}${isMandatory ? '; mandatory' : ''}`;
}

/** A positional argument shows its words nowhere else, and the usage whether it must be there. */
function sayingOf({ describe, value }: ArgumentFacts): string {
  return typeof value === 'object' ? `${describe}; one of ${value.join(', ')}` : describe;
}

function optionRows({ positionals, options }: CommandFacts): readonly (readonly string[])[] {
  return [
    ...positionals.map((each) => [`\`${each.name.toUpperCase()}\``, sayingOf(each), '']),
    ...options.map((each) => [optionCell(each), saying(each), each.standard ?? '']),
  ];
}

function section(command: CommandFacts, note: string | undefined): string {
  const rows = optionRows(command);
  const parts = [
    `## ${command.name}`,
    `${command.describe}.${command.epilogue === undefined ? '' : ` ${command.epilogue}`}`,
    `\`\`\`\n${usageOf(command)}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(['argument', 'what it says', 'default'], rows).trimEnd()]),
    ...(note === undefined ? [] : [note]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** docs/reference/command-line.md. */
export function commandLinePage(): string {
  const notes = commandNotes();
  return [INTRODUCTION, ...allCommands().map((command) => section(command, notes.get(command.name)))].join(
    '\n',
  );
}
