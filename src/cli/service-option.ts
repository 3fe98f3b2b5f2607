import type { Argv } from 'yargs';
import { addControlOption, type ControlOptions } from './control-options.ts';

export interface ServiceOptions extends ControlOptions {
  readonly service: string;
}

/** `SERVICE` and `--control`. */
export function addServiceOptions<T>(yargs: Argv<T>): Argv<T & ServiceOptions> {
  return addControlOption(yargs).positional('service', {
    type: 'string',
    demandOption: true,
    describe: 'Its name',
  }) as unknown as Argv<T & ServiceOptions>;
}
