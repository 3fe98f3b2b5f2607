import type { Argv } from 'yargs';
import type { BanStatus } from '../control/messages.ts';
import { EXIT } from '../model/exit-code.ts';
import { formatDurationMs } from '../model/quantity.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { printOut } from './print.ts';
import { printJson } from './print-json.ts';
import { printable } from './printable.ts';
import { type TableColumn, textTable } from './text-table.ts';

interface BansOptions extends ControlOptions {
  readonly json: boolean | undefined;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'SOURCE', align: 'left' },
  { title: 'FOR', align: 'right' },
  { title: 'REASON', align: 'left' },
];

function builder(yargs: Argv): Argv<BansOptions> {
  return addControlOption(yargs).option('json', {
    type: 'boolean',
    describe: 'Print JSON',
  }) as unknown as Argv<BansOptions>;
}

function renderBans(bans: readonly BanStatus[], more: number): string {
  if (bans.length === 0) return 'no bans\n';
  const rows = bans.map(({ source, forMs, reason }) => [
    source,
    formatDurationMs(forMs ?? Number.POSITIVE_INFINITY),
    reason,
  ]);
  const rest = more === 0 ? [] : [`and ${more} more`];
  return [...textTable(COLUMNS, rows), ...rest].map((line) => `${printable(line)}\n`).join('');
}

export const bansCommand: Command<BansOptions> = {
  usage: 'bans',
  describe: 'Show which sources are banned, for how long and why',
  builder,
  run: (options) =>
    askAndPrint(options, {
      ...{ method: 'bans', params: {} },
      conclude: (result) => {
        if (options.json) printJson(result);
        else printOut(renderBans(result.bans, result.more));
        return EXIT.ok;
      },
    }),
};
