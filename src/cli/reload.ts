import type { Argv } from 'yargs';
import type { ReloadResult } from '../control/messages.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions } from './control-options.ts';
import { printError, printOut } from './print.ts';
import { printJson } from './print-json.ts';
import { printable } from './printable.ts';
import { renderPlan } from './render-plan.ts';

interface ReloadOptions extends ControlOptions {
  readonly 'dry-run': boolean | undefined;
  readonly json: boolean | undefined;
}

/** The compiler may take 30 seconds, and one that began earlier is waited for. */
const RELOAD_MS = 90_000;

function builder(yargs: Argv): Argv<ReloadOptions> {
  return addControlOption(yargs)
    .option('dry-run', { type: 'boolean', describe: 'Show what would change, and change nothing' })
    .option('json', { type: 'boolean', describe: 'Print JSON' }) as unknown as Argv<ReloadOptions>;
}

function printResult(result: ReloadResult): void {
  if (result.diagnostics !== '') printError(`${printable(result.diagnostics).trimEnd()}\n`);
  if (result.plan !== undefined) printOut(renderPlan(result.plan, { isDone: result.outcome === 'reloaded' }));
  if (result.outcome === 'failed') {
    printError(`zinetd: Cannot reload: ${printable(result.why ?? 'no reason given')}\n`);
  }
}

function run(options: ReloadOptions): Promise<number> {
  return askAndPrint(options, {
    method: 'reload',
    params: options['dry-run'] ? { isDry: true } : {},
    deadlineMs: RELOAD_MS,
    conclude: (result) => {
      if (options.json) printJson(result);
      else printResult(result);
      return result.outcome === 'failed' ? EXIT.no : EXIT.ok;
    },
  });
}

export const reloadCommand: Command<ReloadOptions> = {
  usage: 'reload',
  describe: 'Read the configuration again; nothing changes if it has an error',
  builder,
  run,
};
