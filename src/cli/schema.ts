import { jsonSchema } from '../config/schema.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { printOut } from './print.ts';

async function run(): Promise<number> {
  printOut(`${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
  return EXIT.ok;
}

export const schemaCommand: Command<object> = {
  usage: 'schema',
  describe: 'Print the JSON Schema of the configuration',
  builder: (yargs) => yargs,
  run,
};
