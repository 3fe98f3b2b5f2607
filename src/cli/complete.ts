import { askDaemon } from './ask-daemon.ts';
import { COMMANDS } from './commands.ts';
import { controlPath } from './control-options.ts';
import { parseArguments } from './parse-arguments.ts';
import { printable } from './printable.ts';

/** What the script of `completion` asks with; the words of the line stand behind it, the program first. */
export const COMPLETIONS = '--get-yargs-completions';

/** Nobody who presses Tab waits longer. */
const DEADLINE_MS = 1000;

async function runningServices(words: readonly string[]): Promise<readonly string[]> {
  const at = words.indexOf('--control');
  const path = controlPath({ control: at < 0 ? undefined : words[at + 1] });
  const answer = await askDaemon(path, { method: 'status', params: {}, deadlineMs: DEADLINE_MS });
  return answer.kind === 'result' ? answer.result.services.map(({ name }) => printable(name)) : [];
}

/** Whether the last word may be the name of a service. */
async function isService(words: readonly string[]): Promise<boolean> {
  const [, name = '', ...rest] = words;
  if (rest.length === 0 || !Object.hasOwn(COMMANDS, name)) return false;
  const [last = '', before = ''] = rest.toReversed();
  const command = await COMMANDS[name]?.();
  return !last.startsWith('-') && !before.startsWith('-') && /[<[]service\b/.test(command?.usage ?? '');
}

async function serviceLines(words: readonly string[]): Promise<string> {
  const beginning = words.at(-1) ?? '';
  const names = (await runningServices(words)).filter((name) => name.startsWith(beginning));
  return names.map((name) => `${name}\n`).join('');
}

/** What may come next on a command line, a line each: names of services from the daemon, the rest from yargs. */
export async function complete(words: readonly string[]): Promise<string> {
  if (await isService(words)) return serviceLines(words);
  const request = await parseArguments([COMPLETIONS, ...words]);
  return request.kind === 'text' ? request.text : '';
}
