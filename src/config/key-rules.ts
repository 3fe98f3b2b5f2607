/**
 * Names that JavaScript gives every object. None of them is a setting, and refusing them keeps a
 * configuration from meaning something else to a tool that reads it with less care (S107).
 */
const INHERITED = new Set([
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'toLocaleString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

export function isForbiddenKey(key: string): boolean {
  return INHERITED.has(key);
}
