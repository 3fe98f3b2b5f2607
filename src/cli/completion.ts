import yargs, { type Argv } from 'yargs';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { printOut } from './print.ts';

interface CompletionOptions {
  readonly shell: 'bash' | 'zsh';
}

/** The name that it is installed under. */
const PROGRAM = 'zinetd';

function builder(yargs: Argv): Argv<CompletionOptions> {
  return yargs
    .positional('shell', {
      choices: ['bash', 'zsh'] as const,
      demandOption: true,
      describe: 'Whose language',
    })
    .epilogue(
      'For bash: source <(zinetd completion bash); for zsh: source <(zinetd completion zsh)',
    ) as unknown as Argv<CompletionOptions>;
}

/** yargs goes by SHELL, which is the shell of the login and not the one that asks. */
async function scriptFor(shell: CompletionOptions['shell']): Promise<string> {
  process.env['SHELL'] = `/bin/${shell}`;
  let script = '';
  const parser = yargs([]).scriptName(PROGRAM).locale('en').completion('completion').exitProcess(false);
  await parser.parseAsync(['completion'], {}, (_error, _argv, text) => {
    script = text;
  });
  return script
    .replaceAll(`${PROGRAM} --get-yargs`, `SHELL=/bin/${shell} ${PROGRAM} --get-yargs`)
    .replaceAll(`${PROGRAM} completion >>`, `${PROGRAM} completion ${shell} >>`);
}

async function run({ shell }: CompletionOptions): Promise<number> {
  printOut(`${await scriptFor(shell)}\n`);
  return EXIT.ok;
}

export const completionCommand: Command<CompletionOptions> = {
  usage: 'completion <shell>',
  describe: 'Print a script that makes the shell complete commands and options',
  builder,
  run,
};
