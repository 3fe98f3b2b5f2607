import { expect, test } from 'vitest';
import { configOf } from '../compile/example.ts';
import { runSpawner } from './run-spawner.ts';

/** Of SIGUSR1, in the masks of proc(5). */
const INSPECTOR = (1 << 9).toString(16).padStart(16, '0');
const NONE = '0'.repeat(16);

test('a dispatcher starts with SIGUSR1 blocked: Node would end of it, or open its inspector, until we handle it (S131)', async () => {
  const run = runSpawner({ config: configOf([]), dispatcher: ['/bin/cat', '/proc/self/status'] });
  const masks = new Map<string, string>();
  for await (const line of run.lines) {
    const [, name, mask] = /^Sig(Blk|Ign):\t(\w+)$/.exec(line) ?? [];
    if (name !== undefined && mask !== undefined) masks.set(name, mask);
    if (masks.size === 2) break;
  }
  run.process.kill('SIGTERM');
  await run.exited;
  expect(Object.fromEntries(masks)).toEqual({ Blk: INSPECTOR, Ign: NONE });
});
