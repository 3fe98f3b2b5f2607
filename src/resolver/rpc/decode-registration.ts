import { MOST_RPC_NUMBER, MOST_RPC_VERSIONS, NETIDS, type RpcRegistration } from '../../model/rpc.ts';
import { isCount, isFields, isOneOf, isText } from '../fields.ts';

/** An IPv6 address and the two numbers of a port. */
const MOST_ADDRESS_CHARACTERS = 64;

function isNumber(value: unknown): value is number {
  return isCount(value) && value <= MOST_RPC_NUMBER;
}

/** A registration from a packet; undefined for what is none. */
export function decodeRegistration(value: unknown): RpcRegistration | undefined {
  if (!isFields(value)) return undefined;
  const { program, low, high, netid, address } = value;
  if (!isNumber(program) || !isNumber(low) || !isNumber(high)) return undefined;
  if (low > high || high - low >= MOST_RPC_VERSIONS) return undefined;
  if (!isOneOf(netid, NETIDS) || !isText(address) || address.length > MOST_ADDRESS_CHARACTERS)
    return undefined;
  return { program, low, high, netid, address };
}
