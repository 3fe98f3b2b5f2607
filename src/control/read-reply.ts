import type { Answer } from './control-failure.ts';
import type { MethodName, Methods, Reply } from './messages.ts';
import { METHODS } from './protocol.ts';

/** A reply as what it is to the one who asked `Name`. */
export type Read<Name extends MethodName> =
  | Answer<Methods[Name]['result']>
  | { readonly kind: 'item'; readonly item: Methods[Name]['item'] };

const FOREIGN = { kind: 'failure', failure: { kind: 'foreign' } } as const;

/** A result that is not as this version knows it is a failure, never half an answer. */
export function readReply<Name extends MethodName>(method: Name, reply: Reply): Read<Name> {
  if ('error' in reply) return { kind: 'failure', failure: { kind: 'refused', ...reply.error } };
  const { item: itemSchema, result: resultSchema } = METHODS[method];
  if ('item' in reply) {
    const item = itemSchema?.safeParse(reply.item);
    return item?.success ? { kind: 'item', item: item.data as Methods[Name]['item'] } : FOREIGN;
  }
  const result = resultSchema.safeParse(reply.result);
  return result.success ? { kind: 'result', result: result.data as Methods[Name]['result'] } : FOREIGN;
}
