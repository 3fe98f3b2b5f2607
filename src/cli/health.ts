import { EXIT } from '../model/exit-code.ts';
import { ANSWER_MS, askDaemon } from './ask-daemon.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions, controlPath } from './control-options.ts';
import { describeControlFailure } from './describe-control-failure.ts';
import { printError, printOut } from './print.ts';
import { printable } from './printable.ts';

function unhealthy(why: string): number {
  printError(`zinetd: ${why.replaceAll('\n', ' ')}\n`);
  return EXIT.no;
}

/** For a HEALTHCHECK: 0 or 1, whatever the reason, and one line. */
async function run(options: ControlOptions): Promise<number> {
  const path = controlPath(options);
  const answer = await askDaemon(path, { method: 'ping', params: {}, deadlineMs: ANSWER_MS });
  if (answer.kind === 'failure') return unhealthy(describeControlFailure(answer.failure, path).message);
  const { isReady, why = 'no reason given' } = answer.result;
  if (!isReady) return unhealthy(`Not ready: ${printable(why)}`);
  printOut('ready\n');
  return EXIT.ok;
}

export const healthCommand: Command<ControlOptions> = {
  usage: 'health',
  describe: 'Whether the daemon serves: exit code 0 or 1, as a HEALTHCHECK wants it',
  builder: addControlOption,
  run,
};
