import { quote } from '../../config/quote.ts';
import type { Source } from '../../config/source.ts';
import { type ShellFault, ShellScanner } from './shell-scanner.ts';
import type { ShellVariables } from './shell-variables.ts';
import type { Redirect, ShellCommand, ShellWord } from './shell-word.ts';

/** A command and where it stands. */
export interface PlacedCommand extends ShellCommand {
  readonly start: number;
  readonly end: number;
}

const RESERVED = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  '{',
  '}',
  '!',
  '[[',
]);
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=/;
const SIMPLE = 'only simple commands can be told';

interface Draft {
  readonly assignments: { name: string; value: ShellWord }[];
  readonly words: ShellWord[];
  readonly redirects: Redirect[];
}

/** The number of a descriptor directly before `<` or `>`. */
function takeDescriptor(draft: Draft, start: number): number | undefined {
  const last = draft.words.at(-1);
  if (!last || !/^[0-9]$/.test(last.text) || last.place.end !== start) return undefined;
  draft.words.pop();
  return Number(last.text);
}

function readRedirect(scanner: ShellScanner, draft: Draft): void {
  const { text } = scanner.source;
  const [operator = ''] = /^(>>|>&|<&|<|>)/.exec(text.slice(scanner.at, scanner.at + 2)) ?? [];
  if (text.startsWith('<<', scanner.at)) {
    scanner.fail('no text can follow a command', 2);
    return;
  }
  const fd = takeDescriptor(draft, scanner.at) ?? (operator.startsWith('<') ? 0 : 1);
  scanner.at += operator.length;
  scanner.skipBlanks();
  const [target, ...more] = scanner.word();
  if (!target || more.length > 0) scanner.fail('a file must follow');
  else draft.redirects.push({ fd, operator: operator as Redirect['operator'], target });
}

function addWord(scanner: ShellScanner, draft: Draft): void {
  const start = scanner.at;
  const words = scanner.word();
  const [first] = words;
  const [, name] = ASSIGNMENT.exec(scanner.source.text.slice(start, scanner.at)) ?? [];
  if (!first || name === undefined || draft.words.length > 0) {
    draft.words.push(...words);
    return;
  }
  // The value of an assignment is one word whatever it holds.
  const text = words
    .map((word) => word.text)
    .join(' ')
    .slice(name.length + 1);
  draft.assignments.push({ name, value: { ...first, text } });
}

/** What stands between two ends of commands; undefined after a fault. */
function readCommand(scanner: ShellScanner): ShellCommand | undefined {
  const draft: Draft = { assignments: [], words: [], redirects: [] };
  for (;;) {
    scanner.skipBlanks();
    const { next } = scanner;
    if (scanner.fault) return undefined;
    if (next === '' || next === '\n' || next === ';') return draft;
    if (next === '<' || next === '>') readRedirect(scanner, draft);
    else if (/[|&()]/.test(next)) return scanner.fail(SIMPLE);
    else {
      const { at } = scanner;
      addWord(scanner, draft);
      const [only] = draft.words;
      if (only && RESERVED.has(only.text) && only.place.start === at) {
        scanner.at = at;
        return scanner.fail(`${quote(only.text)} makes it more than commands: ${SIMPLE}`, only.text.length);
      }
    }
  }
}

/**
 * The commands of a script, each with the variables that are set by then; nothing is run. Ends at the first thing that is
 * more than a simple command.
 */
export function readCommands(
  source: Source,
  {
    variables,
    take,
  }: { readonly variables: ShellVariables; readonly take: (command: PlacedCommand) => void },
): ShellFault | undefined {
  const scanner = new ShellScanner(source, variables);
  for (;;) {
    scanner.skipBlanks();
    if (scanner.next === '') return undefined;
    const start = scanner.at;
    const command = readCommand(scanner);
    if (!command) return scanner.fault;
    if (scanner.at > start) take({ ...command, start, end: scanner.at });
    if (scanner.next !== '') scanner.at++;
  }
}
