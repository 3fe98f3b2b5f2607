import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { ControlOptions } from './control-options.ts';
import type { ExplainFacts } from './explain-facts.ts';
import type { FormatOptions } from './format-options.ts';
import { printOut } from './print.ts';
import { printJson } from './print-json.ts';
import { printable } from './printable.ts';

export interface LiveOptions extends ExplainFacts, FormatOptions, ControlOptions {
  readonly service: string;
  readonly live: boolean | undefined;
  readonly json: boolean | undefined;
}

/** What a running daemon knows better. */
const OF_A_FILE = [
  ...[
    'config',
    'dialect',
    'at',
    'load',
    'running',
    'source-running',
    'name',
    'ident',
    'decision',
    'certificate',
  ],
] as const satisfies readonly (keyof LiveOptions)[];

/** Throws UsageError where an option would have no effect. */
export function checkLiveOptions(options: LiveOptions): void {
  if (!options.live && options.control !== undefined) {
    throw new UsageError('Cannot use "--control" without "--live": the configuration file is asked');
  }
  if (!options.live) return;
  const useless = OF_A_FILE.find((name) => options[name] !== undefined);
  if (useless === undefined && options.format === 'native') return;
  throw new UsageError(`Cannot use "--${useless ?? 'format'}" together with "--live": the daemon is asked`);
}

/** The verdict that the running daemon would give now, with its counters. */
export function explainLive({ service, from, to, json, ...options }: LiveOptions): Promise<number> {
  return askAndPrint(options, {
    method: 'explain',
    params: { service, from, ...(to === undefined ? {} : { to }) },
    conclude: (result) => {
      if (json) printJson(result.json);
      else printOut(`${printable(result.text).trimEnd()}\n`);
      return result.isAdmitted ? EXIT.ok : EXIT.no;
    },
  });
}
