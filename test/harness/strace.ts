import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';

/** strace(1) attached to a process that runs. */
export interface Strace {
  /** Detaches, and gives the lines that were written. */
  detach(): Promise<readonly string[]>;
}

/**
 * Attaches strace to a process and waits until it sees everything that the process does. Without `-e trace=`
 * or with `-e inject=` it does what strace does: the options are passed as they are.
 */
export async function attachStrace(pid: number, options: readonly string[]): Promise<Strace> {
  const output = join(mkdtempSync(join(inject('testHome'), 'strace-')), 'lines');
  const child = spawn('strace', [...options, '-o', output, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  let said = '';
  await new Promise<void>((attached, failed) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('attached')) attached();
    });
    child.once('error', failed);
    child.once('close', () => failed(new Error(`Cannot attach strace: ${said}`)));
  });
  let lines: Promise<readonly string[]> | undefined;
  const detach = async () => {
    child.kill('SIGINT');
    await ended;
    return readFileSync(output, 'utf8').split('\n').slice(0, -1);
  };
  const once = () => {
    lines ??= detach();
    return lines;
  };
  onTestFinished(async () => {
    await once();
  });
  return { detach: once };
}
