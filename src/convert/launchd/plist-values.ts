import type { PlistArray, PlistDict, PlistNode, PlistString } from './plist-node.ts';

/** What a key holds, if it is of this type; another one is in the report already. */
function valueAt<T extends PlistNode['type']>(
  { entries }: PlistDict,
  key: string,
  type: T,
): Extract<PlistNode, { type: T }> | undefined {
  const value = entries.get(key)?.value;
  return value?.type === type ? (value as Extract<PlistNode, { type: T }>) : undefined;
}

export function stringAt(dict: PlistDict, key: string): PlistString | undefined {
  return valueAt(dict, key, 'string');
}

export function integerAt(dict: PlistDict, key: string): Extract<PlistNode, { type: 'integer' }> | undefined {
  return valueAt(dict, key, 'integer');
}

export function booleanAt(dict: PlistDict, key: string): Extract<PlistNode, { type: 'boolean' }> | undefined {
  return valueAt(dict, key, 'boolean');
}

export function dictAt(dict: PlistDict, key: string): PlistDict | undefined {
  return valueAt(dict, key, 'dict');
}

export function arrayAt(dict: PlistDict, key: string): PlistArray | undefined {
  return valueAt(dict, key, 'array');
}
