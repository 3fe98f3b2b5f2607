import type { Question } from '../control/control-client.ts';
import type { MethodName, Methods } from '../control/messages.ts';
import { ANSWER_MS, askDaemon } from './ask-daemon.ts';
import { type ControlOptions, controlPath } from './control-options.ts';
import { tellFailure } from './tell-failure.ts';

interface Asking<Name extends MethodName> extends Question<Name> {
  readonly method: Name;
  /** Prints the result; gives the exit code. */
  readonly conclude: (result: Methods[Name]['result']) => number;
}

/** The whole of a command that is one question: why there is no answer goes to standard error. */
export async function askAndPrint<Name extends MethodName>(
  options: ControlOptions,
  { conclude, ...question }: Asking<Name>,
): Promise<number> {
  const path = controlPath(options);
  const answer = await askDaemon(path, { deadlineMs: ANSWER_MS, ...question });
  return answer.kind === 'result' ? conclude(answer.result) : tellFailure(answer.failure, path);
}
