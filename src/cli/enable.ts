import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { printOut } from './print.ts';
import { printable } from './printable.ts';
import { addServiceOptions, type ServiceOptions } from './service-option.ts';

function run({ service, ...options }: ServiceOptions): Promise<number> {
  return askAndPrint(options, {
    method: 'enable',
    params: { service },
    conclude: ({ was }) => {
      const isNew = was === 'disabled' || was === 'draining';
      const done = isNew ? `enabled, was ${was}` : `was enabled before (${was})`;
      printOut(`${printable(service)}: ${done}\n`);
      return EXIT.ok;
    },
  });
}

export const enableCommand: Command<ServiceOptions> = {
  usage: 'enable <service>',
  describe: 'Admit clients of a service again',
  builder: addServiceOptions,
  run,
};
