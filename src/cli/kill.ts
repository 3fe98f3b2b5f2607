import type { Argv } from 'yargs';
import { quote } from '../config/quote.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { printOut } from './print.ts';

interface KillOptions extends ControlOptions {
  readonly connection: string;
  readonly signal: 'TERM' | 'KILL';
}

function builder(yargs: Argv): Argv<KillOptions> {
  return addControlOption(yargs)
    .positional('connection', {
      type: 'string',
      demandOption: true,
      describe: 'Its number, as "connections" shows it',
    })
    .option('signal', {
      choices: ['TERM', 'KILL'] as const,
      default: 'TERM' as const,
      requiresArg: true,
      describe: 'What its handler gets',
    }) as unknown as Argv<KillOptions>;
}

async function run({ connection, signal, ...options }: KillOptions): Promise<number> {
  if (!/^(0|[1-9]\d{0,14})$/.test(connection)) {
    throw new UsageError(
      `Cannot use ${quote(connection)} for <connection>: write its number\n   help: "zinetd connections" shows them`,
    );
  }
  return askAndPrint(options, {
    method: 'kill',
    params: { connection: Number(connection), signal },
    conclude: () => {
      printOut(`${connection}: ${signal} sent\n`);
      return EXIT.ok;
    },
  });
}

export const killCommand: Command<KillOptions> = {
  usage: 'kill <connection>',
  describe: 'End the handler of one connection',
  builder,
  run,
};
