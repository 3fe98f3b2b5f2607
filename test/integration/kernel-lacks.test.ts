import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { type Ran, runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { zinetdCommand } from '../harness/zinetd-command.ts';

type Attributes = Readonly<Record<string, unknown>>;

const base = { listen: 'tcp://127.0.0.1:0', server: handler('answer'), user: 'nobody' };

/** A user namespace whose owner lets nobody make a network namespace. */
const NO_NETWORKS = [
  ...['unshare', '--user', '--map-root-user', 'sh', '-c'],
  ...['echo 0 >/proc/sys/user/max_net_namespaces && exec "$@"', 'sh'],
];

function check(attributes: Attributes, prefix: readonly string[]): Promise<Ran> {
  const path = join(scratch('kernel-lacks'), 'zinetd.json');
  writeFileSync(path, JSON.stringify({ version: 1, services: { it: { ...base, ...attributes } } }));
  return runProgram([...prefix, ...zinetdCommand(), 'check', '-c', path]);
}

describeWith('on a kernel that lacks what a sandbox is made of', { needs: ['root'] }, () => {
  test.each([
    [
      'landlock',
      { mode: 'extended' },
      'Cannot keep to "scoped" in service "it": this kernel has no scopes of Landlock',
    ],
    [
      'seccomp',
      { lock_personality: true },
      'Cannot keep to "lock_personality" in service "it": this kernel has no filters of system calls',
    ],
  ])('a service runs without it, and a warning says so: %s', async (kind, attributes, message) => {
    const it = { ...base, ...attributes };
    const prefix = [handler('old-kernel'), kind];
    const zinetd = await startZinetd({ config: { services: { it } }, prefix });
    expect(zinetd.stderr).toContain(
      `warning[config/kernel-lacks]: ${message}, and the handler runs without\n`,
    );
    expect(await ask(zinetd.port('it'), '')).not.toBe('');
  });

  test.each([
    ['landlock', { mode: 'extended' }],
    ['seccomp', { lock_personality: true }],
  ])('a service that requires it is refused: %s', async (kind, attributes) => {
    const prefix = [handler('old-kernel'), kind];
    const refused = await check({ ...attributes, required: true }, prefix);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('error[config/kernel-too-poor]');
    expect((await check({ ...attributes, required: true }, [])).status).toBe(0);
  });

  test('namespaces that nobody may make are not there', async () => {
    const warned = await check({ private_network: true, private_ipc: true }, NO_NETWORKS);
    expect(warned).toMatchObject({ status: 0 });
    expect(warned.stderr.match(/\[config\/kernel-lacks\].*/g)).toEqual([
      expect.stringContaining(
        'this kernel has no namespaces of the kind "net", and the handler runs without',
      ),
    ]);
    expect((await check({ private_network: true, required: true }, NO_NETWORKS)).status).toBe(1);
  });
});
