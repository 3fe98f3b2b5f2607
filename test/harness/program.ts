import { existsSync } from 'node:fs';
import { findProgram } from './find-program.ts';
import { handler } from './handler.ts';

/** A program that was unpacked for the tests, else an installed one. */
export function program(name: string): string | undefined {
  const unpacked = handler(name);
  return existsSync(unpacked) ? unpacked : findProgram(name);
}
