import { isatty } from 'node:tty';
import type { Argv } from 'yargs';
import { quote } from '../config/quote.ts';
import type { Status } from '../control/messages.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { ANSWER_MS } from './ask-daemon.ts';
import type { Command } from './command.ts';
import { addControlOption, type ControlOptions, controlPath } from './control-options.ts';
import { parseTimeOption } from './parse-time-option.ts';
import { tellFailure } from './tell-failure.ts';
import { LiveTop } from './top/live-top.ts';
import { plainTop } from './top/plain-top.ts';
import { Sampler } from './top/sampler.ts';
import type { TopOptions } from './top/top-options.ts';
import { FIRST_VIEW } from './top/view.ts';

interface TopArguments extends ControlOptions {
  readonly interval: string;
  readonly count: string | undefined;
}

const STDIN = 0;
const STDOUT = 1;
const LEAST_INTERVAL_MS = 100;

function builder(yargs: Argv): Argv<TopArguments> {
  return addControlOption(yargs)
    .option('interval', {
      alias: 'i',
      type: 'string',
      requiresArg: true,
      default: '1s',
      describe: 'How often to look',
    })
    .option('count', { alias: 'n', type: 'string', requiresArg: true, describe: 'How many times' })
    .epilogue(
      'Rates are a second, between one look and the next. Keys: q quit, h the others. Where standard output\n' +
        'is no terminal, a table is printed each time.',
    ) as unknown as Argv<TopArguments>;
}

function parseCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`Cannot use ${quote(text)} for --count`);
  return Number(text);
}

function isTerminal(): boolean {
  return isatty(STDIN) && isatty(STDOUT) && process.env['TERM'] !== 'dumb';
}

async function showLive(sampler: Sampler, options: TopOptions & { readonly first: Status }): Promise<number> {
  const top = new LiveTop(sampler, options);
  try {
    top.start();
    await top.ended;
  } finally {
    top.stop();
  }
  return EXIT.ok;
}

async function run(options: TopArguments): Promise<number> {
  const intervalMs = parseTimeOption(options.interval, { option: 'interval', leastMs: LEAST_INTERVAL_MS });
  const chosen = { intervalMs, count: parseCount(options.count), view: FIRST_VIEW };
  const path = controlPath(options);
  const sampler = new Sampler(path, ANSWER_MS);
  const first = await sampler.take();
  if (first.kind === 'failure') return tellFailure(first.failure, path);
  if (isTerminal()) return showLive(sampler, { ...chosen, first: first.result });
  const failure = await plainTop(sampler, { ...chosen, first: first.result });
  return failure === undefined ? EXIT.ok : tellFailure(failure, path);
}

export const topCommand: Command<TopArguments> = {
  usage: 'top',
  describe: 'Watch the services and their rates',
  builder,
  run,
};
