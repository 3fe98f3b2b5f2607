import { ControlClient } from '../control/control-client.ts';
import { packageVersion } from '../dispatcher/package-version.ts';
import { EXIT } from '../model/exit-code.ts';
import { askDaemon } from './ask-daemon.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions, controlPath } from './control-options.ts';
import { printError, printOut } from './print.ts';
import { printable } from './printable.ts';
import { startTimer } from './start-timer.ts';
import { tellFailure } from './tell-failure.ts';

/** The configuration is compiled, and the new program tried, before the old one leaves. */
const TRIAL_MS = 90_000;
/** For the new one to come up; its socket holds us meanwhile. */
const START_MS = 60_000;

function conclude(from: string, now: string): number {
  if (now !== packageVersion() && now === from) {
    printError(`zinetd: Cannot upgrade: version ${printable(now)} still runs\n   help: its log says why\n`);
    return EXIT.no;
  }
  printOut(`${printable(`upgraded from ${from} to ${now}`)}\n`);
  return EXIT.ok;
}

async function run(options: ControlOptions): Promise<number> {
  const path = controlPath(options);
  const client = new ControlClient(path, startTimer);
  const going = await client.ask('upgrade', { params: {}, deadlineMs: TRIAL_MS });
  if (going.kind === 'failure') return tellFailure(going.failure, path);
  await client.ended();
  const status = await askDaemon(path, { method: 'status', params: {}, deadlineMs: START_MS });
  if (status.kind === 'failure') return tellFailure(status.failure, path);
  return conclude(going.result.from, status.result.version);
}

export const upgradeCommand: Command<ControlOptions> = {
  usage: 'upgrade',
  describe: 'Put the installed version in the place of the one that runs; sockets and handlers stay',
  builder: addControlOption,
  run,
};
