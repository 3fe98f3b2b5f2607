import type { Argv } from 'yargs';
import type { ConnectionStatus } from '../control/messages.ts';
import { EXIT } from '../model/exit-code.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { printOut } from './print.ts';
import { printJson } from './print-json.ts';
import { printable } from './printable.ts';
import { type TableColumn, textTable } from './text-table.ts';

interface ConnectionsOptions extends ControlOptions {
  readonly service: string | undefined;
  readonly json: boolean | undefined;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'CONNECTION', align: 'right' },
  { title: 'SERVICE', align: 'left' },
  { title: 'STATE', align: 'left' },
  { title: 'PID', align: 'right' },
  { title: 'FOR', align: 'right' },
  { title: 'FROM', align: 'left' },
];

function builder(yargs: Argv): Argv<ConnectionsOptions> {
  return addControlOption(yargs)
    .positional('service', { type: 'string', describe: 'Of this one only' })
    .option('json', { type: 'boolean', describe: 'Print JSON' }) as unknown as Argv<ConnectionsOptions>;
}

function rowOf({ id, service, from, via, pid, forMs, state }: ConnectionStatus): readonly string[] {
  const who = via === undefined ? from : `${from} via ${via}`;
  return [String(id), service, state, pid === undefined ? '-' : String(pid), formatDurationMs(forMs), who];
}

function renderConnections(connections: readonly ConnectionStatus[], more: number): string {
  if (connections.length === 0) return 'no connections\n';
  const rest = more === 0 ? [] : [`and ${more} more`];
  const lines = [...textTable(COLUMNS, connections.map(rowOf)), ...rest];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

export const connectionsCommand: Command<ConnectionsOptions> = {
  usage: 'connections [service]',
  describe: 'Show the connections that have a handler, with the numbers that "kill" takes',
  builder,
  run: ({ service, json, ...options }) =>
    askAndPrint(options, {
      method: 'connections',
      params: service === undefined ? {} : { service },
      conclude: (result) => {
        if (json) printJson(result);
        else printOut(renderConnections(result.connections, result.more));
        return EXIT.ok;
      },
    }),
};
