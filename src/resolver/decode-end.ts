import { parseAddress } from '../model/address.ts';
import { isCount, isFields, isText } from './fields.ts';

/** An end of a connection; the address as text. */
export interface End {
  readonly address: string;
  readonly port: number;
}

const MOST_PORT = 65_535;

/** Undefined for what is none. */
export function decodeEnd(value: unknown): End | undefined {
  if (!isFields(value)) return undefined;
  const { address, port } = value;
  if (!isText(address) || !parseAddress(address) || !isCount(port) || port > MOST_PORT) return undefined;
  return { address, port };
}
