import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constants } from 'node:os';
import { expect, test } from 'vitest';
import type { Endpoint } from '../../src/model/address.ts';
import { configOf, plain } from '../compile/example.ts';
import { describeWith } from '../harness/describe-with.ts';
import { runSpawner } from './run-spawner.ts';

const { ESRCH } = constants.errno;

/** After the first time round the kernel gives out those from 300 on, so that each of them is used again soon. */
const FEW_PIDS = 'echo 400 > /proc/sys/kernel/pid_max && exec "$@"';
const IN_A_SMALL_NAMESPACE = [
  ...['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
  ...['sh', '-c', FEW_PIDS, 'sh'],
];

describeWith('a signal for a handler whose pid somebody else has by now', { needs: ['root'] }, () => {
  test('reaches nobody: what is signalled is a place that is never used again (S84)', async () => {
    const listeners = plain.listeners.map((listener) => ({
      ...listener,
      address: { ...(listener.address as Endpoint), port: 0 },
    }));
    const programs = plain.programs.map((program) => ({ ...program, path: '/bin/cat', argv: ['cat'] }));
    const run = runSpawner({
      config: configOf([{ ...plain, listeners, programs }]),
      dispatcher: ['/usr/bin/python3', 'recycling-dispatcher.py'],
      prefix: IN_A_SMALL_NAMESPACE,
    });
    const seen: Record<string, unknown>[] = [];
    let client: Socket | undefined;
    for await (const text of run.lines) {
      const line = JSON.parse(text) as Record<string, unknown>;
      if (line['case'] === 'come') client = connect(Number(line['port']), '127.0.0.1').on('error', () => {});
      else if (line['case'] === 'go') client?.destroy();
      else seen.push(line);
      if (line['case'] !== 'killed' || !client) continue;
      client.write('alive');
      expect(String(await once(client, 'data'))).toBe('alive');
      client.destroy();
    }
    expect(seen, run.stderr).toEqual([
      { case: 'killed', isRecycled: true, isOtherSlot: true, errors: [ESRCH, ESRCH] },
      { case: 'end', status: 0 },
    ]);
    expect(await run.exited).toBe(0);
  }, 60_000);
});
