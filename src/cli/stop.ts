import { ControlClient } from '../control/control-client.ts';
import { EXIT } from '../model/exit-code.ts';
import { ANSWER_MS } from './ask-daemon.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions, controlPath } from './control-options.ts';
import { printOut } from './print.ts';
import { startTimer } from './start-timer.ts';
import { tellFailure } from './tell-failure.ts';

/** The daemon's last act is to leave its clients. */
async function run(options: ControlOptions): Promise<number> {
  const path = controlPath(options);
  const client = new ControlClient(path, startTimer);
  const answer = await client.ask('stop', { params: {}, deadlineMs: ANSWER_MS });
  if (answer.kind === 'failure') return tellFailure(answer.failure, path);
  printOut('stopping: handlers may finish within the grace time\n');
  await client.ended();
  printOut('stopped\n');
  return EXIT.ok;
}

export const stopCommand: Command<ControlOptions> = {
  usage: 'stop',
  describe: 'Stop the daemon as TERM does, and wait until it has gone',
  builder: addControlOption,
  run,
};
