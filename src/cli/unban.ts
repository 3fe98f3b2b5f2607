import type { Argv } from 'yargs';
import { quote } from '../config/quote.ts';
import { countOf } from '../model/count-of.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { printError, printOut } from './print.ts';

interface UnbanOptions extends ControlOptions {
  readonly source: string | undefined;
  readonly all: boolean | undefined;
}

function builder(yargs: Argv): Argv<UnbanOptions> {
  return addControlOption(yargs)
    .positional('source', { type: 'string', describe: 'An address or prefix, as "bans" shows it' })
    .option('all', { type: 'boolean', describe: 'Every ban that there is' }) as unknown as Argv<UnbanOptions>;
}

function paramsOf({ source, all }: UnbanOptions): { readonly source: string } | { readonly isAll: true } {
  if (source !== undefined && all) throw new UsageError('Cannot use "--all" together with a source');
  if (source !== undefined) return { source };
  if (all) return { isAll: true };
  throw new UsageError('Cannot lift a ban without its source: name it, or use "--all"');
}

async function run(options: UnbanOptions): Promise<number> {
  const params = paramsOf(options);
  return askAndPrint(options, {
    ...{ method: 'unban', params },
    conclude: ({ lifted }) => {
      if (lifted === 0 && 'source' in params) {
        printError(`zinetd: Cannot lift the ban of ${quote(params.source)}: there is none\n`);
        return EXIT.no;
      }
      printOut(`Lifted ${countOf(lifted, 'ban')}\n`);
      return EXIT.ok;
    },
  });
}

export const unbanCommand: Command<UnbanOptions> = {
  usage: 'unban [source]',
  describe: 'Lift the ban of a source, or all bans',
  builder,
  run,
};
