import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { scratch } from '../harness/scratch.ts';

/** A program that decides; `asked` is what it was asked, line by line. */
export interface Decider {
  readonly path: string;
  readonly asked: readonly string[];
}

export async function startDecider(name = 'socket'): Promise<Decider> {
  const path = join(scratch('decider'), name);
  const decider = spawn('/usr/bin/python3', [resolve('test/resolver/fixtures/decider.py'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void decider.kill());
  const asked: string[] = [];
  await new Promise<void>((done) => {
    createInterface({ input: decider.stdout }).on('line', (line) => {
      if (line === 'ready') done();
      else asked.push(line);
    });
  });
  return { path, asked };
}
