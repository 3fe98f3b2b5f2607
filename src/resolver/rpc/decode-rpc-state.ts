import { RPC_TROUBLES, type RpcState } from '../../model/rpc.ts';
import { isFields, isOneOf, isText } from '../fields.ts';

/** As long as a name of rpcbind's is (rpcb.ts). */
const MOST_CODE_CHARACTERS = 256;

/** What has become of a registration, from a packet; undefined for what is none. */
export function decodeRpcState(value: unknown): RpcState | undefined {
  if (!isFields(value)) return undefined;
  const { kind, why, code } = value;
  if (isOneOf(kind, ['registered', 'gone'])) return { kind };
  if (!isOneOf(kind, ['failed', 'left']) || !isOneOf(why, RPC_TROUBLES)) return undefined;
  if (code === undefined) return { kind, why, code };
  return isText(code) && code.length <= MOST_CODE_CHARACTERS ? { kind, why, code } : undefined;
}
