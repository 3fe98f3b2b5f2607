import type { Argv } from 'yargs';
import type { Status } from '../control/messages.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { pickServices } from './pick-services.ts';
import { printError, printOut } from './print.ts';
import { printJson } from './print-json.ts';
import { renderStatus } from './render-status.ts';
import { terminalColumns } from './terminal-columns.ts';

interface StatusOptions extends ControlOptions {
  readonly service: readonly string[] | undefined;
  readonly json: boolean | undefined;
}

function builder(yargs: Argv): Argv<StatusOptions> {
  return addControlOption(yargs)
    .positional('service', { type: 'string', array: true, describe: 'Of these only, with why it refuses' })
    .option('json', { type: 'boolean', describe: 'Print JSON' }) as unknown as Argv<StatusOptions>;
}

function show(status: Status, { service: names = [], json }: StatusOptions): number {
  const picked = pickServices(status, names);
  if ('message' in picked) {
    printError(`zinetd: ${picked.message}\n`);
    return EXIT.no;
  }
  if (json) printJson(picked.status);
  else printOut(renderStatus(picked.status, { columns: terminalColumns(), hasDetails: names.length > 0 }));
  return EXIT.ok;
}

export const statusCommand: Command<StatusOptions> = {
  usage: 'status [service..]',
  repeatable: ['service'],
  describe: 'Show what the daemon does: its services, their states and counters',
  builder,
  run: (options) =>
    askAndPrint(options, { method: 'status', params: {}, conclude: (status) => show(status, options) }),
};
