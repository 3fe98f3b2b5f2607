import { join } from 'node:path';
import { expect, test } from 'vitest';
import { controlLine } from '../harness/control-line.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

test('ping and status are answered over the control socket', async () => {
  const path = join(scratch('control'), 'control');
  const zinetd = await startZinetd({
    config: { services: { echo: { listen: 'tcp://127.0.0.1:0', builtin: 'echo' } } },
    args: ['--control', path],
  });
  const line = await controlLine(path);
  expect(await line.call('ping')).toEqual({ isReady: true });
  const status = await line.call('status');
  expect(status).toMatchObject({
    ...{ pid: zinetd.pid, dispatcherPid: zinetd.dispatcherPid, phase: 'serving', restarts: 0 },
    services: [
      {
        ...{ name: 'echo', state: 'serving', running: 0 },
        listeners: [{ at: `tcp://127.0.0.1:${zinetd.port('echo')}`, state: 'open', pauses: [] }],
      },
    ],
  });
});
