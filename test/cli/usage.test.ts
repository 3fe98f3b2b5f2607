import { expect, test } from 'vitest';
import { FOREIGN_FORMATS } from '../../src/cli/format-options.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { UsageError } from '../../src/model/errors.ts';

async function usageOf(args: readonly string[]): Promise<string> {
  const error = await parseArguments(args).catch((it: unknown) => it);
  if (error instanceof UsageError) return error.message;
  throw new Error(`"${args.join(' ')}" is no wrong usage`);
}

const FORMATS = `${['native', ...FOREIGN_FORMATS.slice(0, -1)].join(', ')} or ${FOREIGN_FORMATS.at(-1)}`;

const WRONG: readonly (readonly [string, string])[] = [
  ['explain', 'Cannot run "explain" without <service>\n   help: write "zinetd explain <service>"'],
  ['explain x', 'Cannot run "explain" without "--from"\n   help: write "zinetd explain <service>"'],
  ['convert', 'Cannot run "convert" without <files>\n   help: write "zinetd convert <files..>"'],
  ['explain x --from', 'Cannot use "--from" without a value'],
  ['check -c', 'Cannot use "-c" without a value'],
  ['check --format', 'Cannot use "--format" without a value'],
  [
    'check --format xintd',
    `Cannot use "xintd" for --format: choose ${FORMATS}\n   help: did you mean "xinetd"?`,
  ],
  ['check --format ""x"', `Cannot use """x"" for --format: choose ${FORMATS}`],
  ['kill 1 --signal HUP', 'Cannot use "HUP" for --signal: choose TERM or KILL'],
  ['completion fish', 'Cannot use "fish" for <shell>: choose bash or zsh'],
  ['health now', 'Cannot use "now": "health" takes no argument'],
  ['enable a b', 'Cannot use "b": "enable" takes no further argument'],
  ['status --jsn', 'Cannot use "jsn": no such option\n   help: did you mean "--json"?'],
  ['status --control a --control b', 'Cannot use "--control" more than once'],
];

for (const [line, message] of WRONG) {
  test(`"${line}" is told in our own words`, async () => {
    expect(await usageOf(line.split(' '))).toBe(message);
  });
}

test('what is said of a command line is in the house grammar, whatever is wrong with it', async () => {
  for (const [line] of WRONG)
    expect((await usageOf(line.split(' '))).split('\n')[0]).toMatch(/^Cannot [^.]*[^.]$/);
});
