import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { quote } from '../config/quote.ts';
import { UsageError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Command } from './command.ts';
import { defaultConfigPath } from './default-path.ts';
import { machineHost } from './host.ts';
import { printError, printOut } from './print.ts';
import { addEntry } from './update-inetd/add-entry.ts';
import { type DropIn, DropIns } from './update-inetd/drop-ins.ts';

interface UpdateOptions {
  readonly add: string | undefined;
  readonly remove: string | undefined;
  readonly enable: string | undefined;
  readonly disable: string | undefined;
  readonly directory: string | undefined;
  readonly group: string;
  readonly pattern: string | undefined;
  readonly multi: boolean | undefined;
}

const ACTIONS = ['add', 'remove', 'enable', 'disable'] as const;

function builder(yargs: Argv): Argv<UpdateOptions> {
  const text = { type: 'string', requiresArg: true } as const;
  return yargs
    .option('add', { ...text, describe: 'A line of an inetd.conf' })
    .option('remove', { ...text, describe: 'What lines are to go: a regular expression' })
    .option('enable', { ...text, describe: 'Services, with commas between' })
    .option('disable', { ...text, describe: 'Services, with commas between' })
    .option('directory', {
      ...text,
      defaultDescription: 'services.d beside the configuration file',
      describe: 'Where the files of services are',
    })
    .option('group', { ...text, default: 'OTHER', describe: 'The section that a line is for' })
    .option('pattern', { ...text, describe: 'Of several lines of a service, which: a regular expression' })
    .option('multi', { type: 'boolean', describe: 'Also more than one at once' })
    .option('comment-chars', { ...text, describe: 'Taken, and of no use here' })
    .option('verbose', {
      type: 'boolean',
      describe: 'Taken, and of no use here',
    }) as unknown as Argv<UpdateOptions>;
}

function expression(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new UsageError(`Cannot use ${quote(text)}: it is no regular expression`);
  }
}

/** Changes those that are meant, of which there is one unless `--multi` says otherwise. */
function change(found: readonly DropIn[], options: UpdateOptions, work: (one: DropIn) => void): number {
  if (found.length > 1 && !options.multi) {
    printError(
      `Cannot tell which is meant: ${found.map(({ name }) => name).join(', ')}. Write "--multi" or "--pattern"\n`,
    );
    return EXIT.no;
  }
  for (const one of found) work(one);
  return EXIT.ok;
}

function chosen(dropIns: DropIns, { pattern }: UpdateOptions): readonly DropIn[] {
  const isMeant = expression(pattern ?? '');
  return dropIns.all().filter(({ entry }) => isMeant.test(entry));
}

function remove(dropIns: DropIns, options: UpdateOptions): number {
  const isMeant = expression(options.remove ?? '');
  const found = chosen(dropIns, options).filter(({ entry }) => isMeant.test(entry));
  return change(found, options, (one) => {
    dropIns.remove(one);
    printOut(`${one.name}: removed\n`);
  });
}

/** What people switched off by a hand-written `enabled: false` stays so. */
function switchAll(dropIns: DropIns, options: UpdateOptions, isOn: boolean): number {
  const services = ((isOn ? options.enable : options.disable) ?? '').split(',');
  const codes = services.map((service) => {
    const own = chosen(dropIns, options).filter((one) => one.entry.split(' ', 1)[0] === service);
    return change(
      own.filter((one) => one.isOn !== isOn),
      options,
      (one) => {
        dropIns.switch(one);
        printOut(`${one.name}: switched ${isOn ? 'on' : 'off'}\n`);
      },
    );
  });
  return codes.every((code) => code === EXIT.ok) ? EXIT.ok : EXIT.no;
}

async function run(options: UpdateOptions): Promise<number> {
  const [action, more] = ACTIONS.filter((name) => options[name] !== undefined);
  if (action === undefined || more !== undefined) {
    throw new UsageError(
      'Cannot run "update-inetd": it takes one of --add, --remove, --enable and --disable',
    );
  }
  const beside = join(dirname(defaultConfigPath(process.getuid?.() ?? 0, process.env)), 'services.d');
  const dropIns = new DropIns(options.directory ?? beside);
  switch (action) {
    case 'add':
      return addEntry(options.add ?? '', { dropIns, host: machineHost(), group: options.group });
    case 'remove':
      return remove(dropIns, options);
    case 'enable':
    case 'disable':
      return switchAll(dropIns, options, action === 'enable');
  }
}

export const updateInetdCommand: Command<UpdateOptions> = {
  usage: 'update-inetd',
  describe: 'Add, remove, enable and disable services as update-inetd(8) of Debian does for packages',
  builder,
  run,
};
