import { fileURLToPath } from 'node:url';
import { runProgram } from '../harness/run-program.ts';
import type { Outcome } from './run-zinetd.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built program, to its end, while this process plays the daemon that it talks to. */
export async function runClient(
  args: readonly string[],
  options: { readonly control?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  const control = options.control === undefined ? [] : ['--control', options.control];
  const argv = [process.execPath, MAIN, ...args, ...control];
  const { status, stdout, stderr } = await runProgram(argv, { env: options.env ?? {} });
  return { code: status, stdout, stderr };
}
