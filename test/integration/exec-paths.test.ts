import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const SYSTEM = ['/usr/bin', '/usr/lib', '/usr/lib64'];

async function say(script: string, attributes: Readonly<Record<string, unknown>>): Promise<string> {
  const it = {
    ...{
      listen: 'tcp://127.0.0.1:0',
      user: 'nobody',
      server: '/bin/sh',
      server_args: ['-c', script],
      cwd: '/',
    },
    ...attributes,
  };
  const zinetd = await startZinetd({ config: { services: { it } } });
  return await ask(zinetd.port('it'), '');
}

function copyOfTrue(): string {
  const path = join(scratch('exec'), 'true');
  copyFileSync('/bin/true', path);
  chmodSync(path, 0o755);
  return path;
}

describeWith('a handler with exec_paths', { needs: ['root', 'a mount namespace'] }, () => {
  test('executes what is in them, and nothing else, by its loader neither', async () => {
    const copy = copyOfTrue();
    const loader = '$(readlink -f /lib64/ld-linux-*)';
    const script = `/usr/bin/true; echo $?; ${copy}; echo $?; ${loader} ${copy}; echo $?`;
    const told = await say(`(${script}) 2>/dev/null`, { exec_paths: SYSTEM });
    expect(told).toBe('0\n126\n127\n');
    expect(await say(`(${script}) 2>/dev/null`, {})).toBe('0\n0\n0\n');
  });

  test('executes a program that is in them by its own name', async () => {
    const copy = copyOfTrue();
    expect(await say(`${copy}; echo $?`, { exec_paths: [...SYSTEM, copy] })).toBe('0\n');
  });

  test('executes nothing that it writes, to a /tmp of its own neither', async () => {
    const script =
      '(cp /bin/true /tmp/it; /tmp/it; echo $?; cp /bin/true /dev/shm/it.$$; /dev/shm/it.$$; echo $?; rm /dev/shm/it.$$) 2>/dev/null';
    expect(await say(script, { exec_paths: SYSTEM, private_tmp: true, private_pids: true })).toBe(
      '126\n126\n',
    );
    expect(await say(script, { private_tmp: true })).toBe('0\n0\n');
  });

  test('can write what it could write, and nobody else is kept from anything', async () => {
    const copy = copyOfTrue();
    const confined = { listen: 'tcp://127.0.0.1:0', user: 'nobody', server: '/bin/sh', exec_paths: SYSTEM };
    const zinetd = await startZinetd({
      config: {
        services: {
          confined: {
            ...confined,
            server_args: [
              '-c',
              `${copy} 2>/dev/null; echo $?; echo x >/dev/shm/x.$$ && rm /dev/shm/x.$$ && echo written`,
            ],
          },
          free: { ...confined, exec_paths: undefined, server_args: ['-c', `${copy}; echo $?`] },
        },
      },
    });
    expect(await ask(zinetd.port('confined'), '')).toBe('126\nwritten\n');
    expect(await ask(zinetd.port('free'), '')).toBe('0\n');
  });
});
