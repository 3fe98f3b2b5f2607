import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';

type Attributes = Readonly<Record<string, unknown>>;

const APPARMOR = '/proc/self/attr/apparmor/exec';
const SELINUX = '/proc/self/attr/exec';

/** What makes zinetd believe that it is on another kernel: where it looks. */
const WITH_BOTH = [
  ...['unshare', '--mount', 'sh', '-c'],
  [
    'mount -t tmpfs none /sys/module && mkdir -p /sys/module/apparmor/parameters',
    'echo Y >/sys/module/apparmor/parameters/enabled',
    'mount -t tmpfs none /sys/fs && mkdir /sys/fs/selinux && echo 1 >/sys/fs/selinux/enforce && exec "$@"',
  ].join(' && '),
  'sh',
];

function start(attributes: Attributes, prefix: readonly string[] = WITH_BOTH) {
  const it = {
    ...{
      listen: 'tcp://127.0.0.1:0',
      user: 'nobody',
      server: '/bin/sh',
      server_args: ['-c', 'echo started >&2'],
    },
    ...attributes,
  };
  return startZinetd({ config: { services: { it } }, prefix });
}

describeWith(
  'a handler with a profile of AppArmor or a context of SELinux',
  { needs: ['root', 'a mount namespace', { program: 'strace' }] },
  () => {
    test.each([
      ['AppArmor', { apparmor_profile: 'in.fingerd' }, APPARMOR, 'exec in.fingerd'],
      ['SELinux', { selinux_context: 'u:r:fingerd_t:s0' }, SELINUX, 'u:r:fingerd_t:s0'],
      [
        'all else read-only',
        { apparmor_profile: 'x', protect_system: 'strict', mode: 'extended', stderr: 'socket' },
        APPARMOR,
        'exec x',
      ],
    ])('tells the kernel before it is executed: %s', async (_title, attributes, path, text) => {
      const zinetd = await start(attributes);
      // Instead of the kernel, which has neither, the client is told: the file that is opened is the connection.
      const strace = await attachStrace(zinetd.pid, ['-f', '-P', path, '-e', 'inject=openat:retval=1']);
      expect(await ask(zinetd.port('it'), '')).toBe(`${text}started\n`);
      expect((await strace.detach()).join('\n')).toContain(
        `openat(AT_FDCWD, "${path}", O_WRONLY|O_CLOEXEC) = 1 (INJECTED)`,
      );
    });

    test('is not executed where the kernel does not know it, and the record says so', async () => {
      const zinetd = await start({ apparmor_profile: 'in.fingerd' });
      expect(await ask(zinetd.port('it'), '')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ service: 'it', step: 'write', error: 'ENOENT' });
    });

    test('is executed without one that is written with "-" in front', async () => {
      const zinetd = await start({ apparmor_profile: '-in.fingerd' });
      expect(await ask(zinetd.port('it'), '')).toBe('started\n');
    });

    test('is not executed in a context that the kernel refuses, whatever is in front', async () => {
      const zinetd = await start({ selinux_context: '-no:such:context' });
      expect(await ask(zinetd.port('it'), '')).toBe('');
      expect(await zinetd.event('failed')).toMatchObject({ step: 'write', error: 'EINVAL' });
    });

    test('runs without where the kernel has none, and a warning says so', async () => {
      const zinetd = await start({ apparmor_profile: 'in.fingerd' }, []);
      expect(zinetd.stderr).toContain(
        'warning[config/kernel-lacks]: Cannot keep to "apparmor_profile" in service "it": this kernel has no AppArmor',
      );
      expect(await ask(zinetd.port('it'), '')).toBe('started\n');
    });
  },
);
