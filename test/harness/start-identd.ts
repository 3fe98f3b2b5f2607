import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Place } from './open-place.ts';

/** An ident server of the test; `asked` is where each question came from, and which. */
export interface Identd {
  readonly asked: readonly string[];
}

/** Starts test/fixtures/ident/identd.py, which answers by the address that it is asked at. */
export async function startIdentd(place: Place): Promise<Identd> {
  const command = [...place.enter, 'python3', resolve('test/fixtures/ident/identd.py')];
  const [program = '', ...args] = command;
  const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  const asked: string[] = [];
  await new Promise<void>((done) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line === 'ready') done();
      else asked.push(line);
    });
  });
  return { asked };
}
