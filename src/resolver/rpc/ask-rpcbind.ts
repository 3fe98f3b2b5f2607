import type { PROCEDURES } from './rpcb.ts';
import type { CallFailure, RpcbindLink } from './rpcbind-link.ts';

/** Makes a call and reads its results; those that cannot be read end the link. */
export async function askRpcbind<T>(
  link: RpcbindLink,
  call: {
    readonly procedure: keyof typeof PROCEDURES;
    readonly args: Uint8Array;
    readonly decode: (results: Uint8Array) => T | undefined;
  },
): Promise<{ readonly kind: 'answer'; readonly value: T } | CallFailure> {
  const outcome = await link.call(call.procedure, call.args);
  if (outcome.kind !== 'results') return outcome;
  const value = call.decode(outcome.results);
  return value === undefined ? link.lose('EBADMSG') : { kind: 'answer', value };
}
