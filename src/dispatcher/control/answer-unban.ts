import type { Call } from '../../control/call.ts';
import { quoteText } from '../../model/escape.ts';
import type { ControlParts } from './control-parts.ts';
import { parseSource } from './parse-source.ts';

/** Lifts a ban, whoever ordered it, or all of them; penalties that have not added up to one yet are forgotten as well. */
export function answerUnban({ floor }: ControlParts, call: Call<'unban'>): void {
  const { bans } = floor();
  const { params } = call;
  if ('isAll' in params) {
    call.result({ lifted: bans.liftAll() });
    return;
  }
  const source = parseSource(params.source, bans);
  const refuse = (code: 'invalid-params' | 'not-found', reason: string): void =>
    call.error(code, `Cannot lift the ban of ${quoteText(params.source)}: ${reason}`);
  if ('reason' in source) refuse('invalid-params', source.reason);
  else if (bans.lift(source.key)) call.result({ lifted: 1 });
  else refuse('not-found', 'it is not banned');
}
