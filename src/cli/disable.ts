import { countOf } from '../model/count-of.ts';
import { EXIT } from '../model/exit-code.ts';
import { askAndPrint } from './ask-and-print.ts';
import type { Command } from './command.ts';
import { printOut } from './print.ts';
import { printable } from './printable.ts';
import { addServiceOptions, type ServiceOptions } from './service-option.ts';

function run({ service, ...options }: ServiceOptions): Promise<number> {
  return askAndPrint(options, {
    method: 'disable',
    params: { service },
    conclude: ({ was, running }) => {
      const done = was === 'disabled' ? 'was disabled before' : `disabled, was ${was}`;
      const rest = running === 0 ? '' : `; ${countOf(running, 'handler')} still running`;
      printOut(`${printable(service)}: ${done}${rest}\n`);
      return EXIT.ok;
    },
  });
}

export const disableCommand: Command<ServiceOptions> = {
  usage: 'disable <service>',
  describe: 'Refuse all clients of a service, and keep its sockets, until "enable"; handlers go on',
  builder: addServiceOptions,
  run,
};
