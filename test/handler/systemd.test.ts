import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, inject, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { program } from '../harness/program.ts';
import { systemdLibraries } from '../harness/systemd-libraries.ts';
import { quietPort } from '../integration/quiet-port.ts';
import { installed } from './serving.ts';

/** Starts it as a socket unit would, and waits until it listens. */
async function activate(port: number, options: readonly string[]): Promise<ChildProcess> {
  const listening = [...options, '-l', `127.0.0.1:${port}`];
  const handler = [inject('openNode'), installed('examples/pool/whoami.mjs')];
  const child = spawn(program('systemd-socket-activate') ?? '', [...listening, ...handler], {
    env: { LD_LIBRARY_PATH: systemdLibraries() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let said = '';
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('Listening on')) break;
  }
  child.stderr.resume();
  return child;
}

describeWith(
  'a handler of zinetd/handler that is activated as by systemd',
  { needs: [{ program: 'systemd-socket-activate' }] },
  () => {
    test('serves one client after the other with a listening socket, until it is told to end', async () => {
      const port = quietPort();
      const child = await activate(port, []);
      for (let count = 1; count <= 2; count++) {
        expect(await ask(port)).toBe(`You are 127.0.0.1, client ${count} of process ${child.pid}\n`);
      }
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    });

    test.each([[[]], [['--inetd']]])('serves one client with its connection alone, %j', async (options) => {
      const port = quietPort();
      await activate(port, ['--accept', ...options]);
      for (let count = 1; count <= 2; count++) {
        expect(await ask(port)).toMatch(/^You are 127\.0\.0\.1, client 1 of process \d+\n$/);
      }
    });
  },
);
