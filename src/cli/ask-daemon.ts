import { ControlClient, type Question } from '../control/control-client.ts';
import type { Answer } from '../control/control-failure.ts';
import type { MethodName, Methods } from '../control/messages.ts';
import { startTimer } from './start-timer.ts';

/** How long a daemon may take for what it has at hand. */
export const ANSWER_MS = 10_000;

/** One question over a connection of its own. */
export async function askDaemon<Name extends MethodName>(
  path: string,
  { method, ...question }: Question<Name> & { readonly method: Name },
): Promise<Answer<Methods[Name]['result']>> {
  const client = new ControlClient(path, startTimer);
  try {
    return await client.ask(method, question);
  } finally {
    client.close();
  }
}
