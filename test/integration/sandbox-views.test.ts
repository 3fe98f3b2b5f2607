import { copyFileSync, mkdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const own = { listen: 'tcp://127.0.0.1:0', user: 'nobody' };

/** Another program, which needs no library, stands at this path inside. */
function jailWith(path: string): string {
  const jail = scratch('jail');
  mkdirSync(join(jail, dirname(path)), { recursive: true });
  copyFileSync(handler('raw'), join(jail, path));
  return jail;
}

describeWith('what a handler sees of the machine', { needs: ['root'] }, () => {
  test('begins at "chroot", where its program is looked up (FEATURES 11.3)', async () => {
    const answer = { ...own, server: handler('answer') };
    const jailed = { ...answer, chroot: jailWith(answer.server) };
    const alone = { ...own, server: '/only/here', chroot: jailWith('/only/here') };
    const zinetd = await startZinetd({ config: { services: { free: answer, jailed, alone } } });
    expect(await ask(zinetd.port('free'))).toBe('served\n');
    expect(await ask(zinetd.port('jailed'))).toBe('ok\n');
    expect(await ask(zinetd.port('alone'))).toBe('ok\n');
  });

  test.each([
    ['ipc', 'private_ipc'],
    ['net', 'private_network'],
  ])(
    'has a namespace of its own where nothing else is asked for: %s (FEATURES 11.10)',
    async (kind, attribute) => {
      const it = { ...own, server: '/bin/readlink', server_args: [`/proc/self/ns/${kind}`] };
      const services = { shared: it, apart: { ...it, [attribute]: true } };
      const zinetd = await startZinetd({ config: { services } });
      const ours = `${readlinkSync(`/proc/self/ns/${kind}`)}\n`;
      expect(await ask(zinetd.port('shared'))).toBe(ours);
      const apart = await ask(zinetd.port('apart'));
      expect(apart).toMatch(/^\w+:\[\d+\]\n$/);
      expect(apart).not.toBe(ours);
    },
  );
});
