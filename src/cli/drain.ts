import type { Argv } from 'yargs';
import { countOf } from '../model/count-of.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { parseTimeOption } from './parse-time-option.ts';
import { printError, printOut } from './print.ts';
import { printable } from './printable.ts';
import { addServiceOptions, type ServiceOptions } from './service-option.ts';

interface DrainOptions extends ServiceOptions {
  readonly deadline: string | undefined;
}

function builder(yargs: Argv): Argv<DrainOptions> {
  return addServiceOptions(yargs)
    .option('deadline', {
      type: 'string',
      requiresArg: true,
      describe: 'When to end those that are left (TERM, then KILL), such as 30s; never without it',
    })
    .epilogue('Ctrl-C ends the waiting only: the service stays disabled.') as unknown as Argv<DrainOptions>;
}

function run({ service, deadline, ...options }: DrainOptions): Promise<number> {
  const deadlineMs =
    deadline === undefined ? undefined : parseTimeOption(deadline, { option: 'deadline', leastMs: 0 });
  return askAndPrint(options, {
    method: 'drain',
    params: { service, deadlineMs },
    // It may take as long as its handlers do.
    deadlineMs: undefined,
    onItem: ({ running }) =>
      printError(`${printable(service)}: waiting for ${countOf(running, 'handler')}\n`),
    conclude: ({ ended, killed }) => {
      printOut(`${printable(service)}: drained; ${countOf(ended, 'handler')} ended, ${killed} killed\n`);
      return EXIT.ok;
    },
  });
}

export const drainCommand: Command<DrainOptions> = {
  usage: 'drain <service>',
  describe: 'Disable a service and wait until its handlers have ended',
  builder,
  run,
};
