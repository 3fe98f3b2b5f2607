import type { Argv } from 'yargs';
import type { AnyCommand } from '../src/cli/command.ts';
import { loadCommands } from '../src/cli/commands.ts';

/** An option or positional argument, as its builder declares it. */
export interface ArgumentFacts {
  readonly name: string;
  readonly alias: string | undefined;
  readonly describe: string;
  /** What stands behind it: nothing, one of these words, or the word for a value. */
  readonly value: 'none' | readonly string[] | 'TEXT' | 'NUMBER';
  readonly standard: string | undefined;
  readonly isMandatory: boolean;
  readonly isRepeatable: boolean;
}

export interface CommandFacts {
  readonly name: string;
  /** Positional arguments in the words of yargs: `<service>`, `[service..]`. */
  readonly placeholders: readonly string[];
  readonly describe: string;
  readonly takesProgram: boolean;
  readonly positionals: readonly ArgumentFacts[];
  readonly options: readonly ArgumentFacts[];
  readonly epilogue: string | undefined;
}

/** What builders write into the options of yargs, as far as it is used. */
interface Declaration {
  readonly alias?: string;
  readonly type?: 'string' | 'boolean' | 'number';
  readonly describe?: string;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  readonly defaultDescription?: string;
  readonly demandOption?: boolean;
  readonly array?: boolean;
  readonly hidden?: boolean;
}

interface Recording {
  readonly option: [string, Declaration][];
  readonly positional: [string, Declaration][];
  readonly epilogue: string[];
}

/** Stands where builders expect yargs, and writes down what they say. */
function recorder(recording: Recording): Argv {
  const standIn: Argv = new Proxy({} as Argv, {
    get:
      (_, method: string) =>
      (...given: [string, Declaration]): Argv => {
        if (method === 'option') recording.option.push(given);
        if (method === 'positional') recording.positional.push(given);
        if (method === 'epilogue') recording.epilogue.push(given[0]);
        return standIn;
      },
  });
  return standIn;
}

/** Some defaults hang on who asks; the documents tell those of root. */
function asRoot(act: () => void): void {
  const { getuid } = process;
  process.getuid = () => 0;
  try {
    act();
  } finally {
    if (getuid) process.getuid = getuid;
  }
}

function standardOf(declared: Declaration): string | undefined {
  if (declared.defaultDescription !== undefined) return declared.defaultDescription;
  const { default: standard } = declared;
  return standard === undefined || Array.isArray(standard) ? undefined : String(standard);
}

function placeholderKind(declared: Declaration): ArgumentFacts['value'] {
  if (declared.choices) return declared.choices;
  if (declared.type === 'boolean') return 'none';
  return declared.type === 'number' ? 'NUMBER' : 'TEXT';
}

function argumentFacts([name, declared]: [string, Declaration], command: AnyCommand): ArgumentFacts {
  return {
    name,
    alias: declared.alias,
    describe: declared.describe ?? '',
    value: placeholderKind(declared),
    standard: standardOf(declared),
    isMandatory: declared.demandOption === true,
    isRepeatable: declared.array === true || (command.repeatable ?? []).includes(name),
  };
}

function commandFacts(command: AnyCommand): CommandFacts {
  const recording: Recording = { option: [], positional: [], epilogue: [] };
  asRoot(() => command.builder(recorder(recording)));
  const [name = '', ...placeholders] = command.usage.split(' ');
  return {
    ...{ name, placeholders, describe: command.describe, takesProgram: command.takesProgram === true },
    positionals: recording.positional.map((each) => argumentFacts(each, command)),
    options: recording.option
      .filter(([, { hidden }]) => hidden !== true)
      .map((each) => argumentFacts(each, command)),
    epilogue: recording.epilogue[0],
  };
}

const COMMANDS = await loadCommands();

/** What the table of commands says, for those who write about it. */
export function allCommands(): readonly CommandFacts[] {
  return COMMANDS.map(commandFacts);
}
