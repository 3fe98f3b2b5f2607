import type { Argv } from 'yargs';
import { ControlClient } from '../control/control-client.ts';
import type { Methods } from '../control/messages.ts';
import { countOf } from '../model/count-of.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions, controlPath } from './control-options.ts';
import { printError, printOut } from './print.ts';
import { printable } from './printable.ts';
import { printableJson } from './printable-json.ts';
import { startTimer } from './start-timer.ts';
import { tellFailure } from './tell-failure.ts';

interface LogsOptions extends ControlOptions {
  readonly service: string | undefined;
  readonly json: boolean | undefined;
}

function builder(yargs: Argv): Argv<LogsOptions> {
  return addControlOption(yargs)
    .option('service', { type: 'string', requiresArg: true, describe: 'Of this one only' })
    .option('json', { type: 'boolean', describe: 'As JSON, a record a line' })
    .option('follow', {
      alias: 'f',
      type: 'boolean',
      describe: 'For those who expect it: "logs" always goes on',
    })
    .epilogue(
      'Shows what is logged from now on, until Ctrl-C; what was before is where the log goes.',
    ) as unknown as Argv<LogsOptions>;
}

async function run({ service, json, ...options }: LogsOptions): Promise<number> {
  const path = controlPath(options);
  const client = new ControlClient(path, startTimer);
  let hasReader = true;
  const onItem = ({ line, lost = 0 }: Methods['logs']['item']): void => {
    if (lost > 0) printError(`zinetd: ${countOf(lost, 'record')} lost: this reader was too slow\n`);
    const text = line.trimEnd();
    hasReader &&= printOut(`${json ? printableJson(text) : printable(text)}\n`);
    if (!hasReader) client.close();
  };
  const params = {
    format: json ? ('json' as const) : ('text' as const),
    ...(service === undefined ? {} : { service }),
  };
  const answer = await client.ask('logs', { params, onItem });
  if (answer.kind === 'result' || !hasReader) return EXIT.ok;
  return tellFailure(answer.failure, path);
}

export const logsCommand: Command<LogsOptions> = {
  usage: 'logs',
  describe: 'Show the log of the daemon as it is written',
  builder,
  run,
};
