import type { Argv } from 'yargs';
import { EXIT } from '../model/exit-code.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { parseTimeOption } from './parse-time-option.ts';
import { printOut } from './print.ts';
import { printable } from './printable.ts';

interface BanOptions extends ControlOptions {
  readonly source: string;
  readonly for: string | undefined;
}

function builder(yargs: Argv): Argv<BanOptions> {
  return addControlOption(yargs)
    .positional('source', {
      type: 'string',
      demandOption: true,
      describe: 'An address; what counts as one source with it, such as its /64, is banned',
    })
    .option('for', {
      type: 'string',
      requiresArg: true,
      describe: 'How long, such as 1h; for ever without it',
    }) as unknown as Argv<BanOptions>;
}

/** Ten years. Whoever means more means for ever. */
const MOST_MS = 3650 * 86_400_000;

function run({ source, for: duration, ...options }: BanOptions): Promise<number> {
  const forMs =
    duration === undefined
      ? undefined
      : parseTimeOption(duration, { option: 'for', leastMs: 1, mostMs: MOST_MS });
  return askAndPrint(options, {
    method: 'ban',
    params: { source, forMs },
    conclude: (result) => {
      const howLong = forMs === undefined ? 'for ever' : `for ${formatDurationMs(forMs)}`;
      printOut(`${printable(result.source)}: banned ${howLong}\n`);
      return EXIT.ok;
    },
  });
}

export const banCommand: Command<BanOptions> = {
  usage: 'ban <source>',
  describe: 'Refuse all clients from one source, of every service',
  builder,
  run,
};
