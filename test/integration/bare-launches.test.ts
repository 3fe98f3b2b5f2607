import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ask, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { attachStrace } from '../harness/strace.ts';
import { Upgraded } from './upgraded.ts';

const listen = 'tcp://127.0.0.1:0';
const NOTHING = 'CapBnd:\t0000000000000000\nNoNewPrivs:\t1\n';
const status = {
  ...{ listen, server: '/bin/grep', server_args: ['-E', '^(CapBnd|NoNewPrivs)', '/proc/self/status'] },
  ...{ user: 'root', stderr: 'none' },
};
const bare = { ...status, mode: 'extended' };

/** What a child of somebody with all privileges has. */
function all(): string {
  const own = /^CapBnd:.*$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[0];
  return `${own}\nNoNewPrivs:\t0\n`;
}

describeWith('launches by the thread that has nothing to pass on (decision 20)', { needs: ['root'] }, () => {
  test('take nothing from services that keep their privileges, before and after (S34)', async () => {
    const kept = { ...bare, capabilities: ['CAP_CHOWN'] };
    const zinetd = await startZinetd({ config: { services: { bare, kept, whole: status } } });
    for (let round = 0; round < 3; round++) {
      expect(await ask(zinetd.port('whole'), '')).toBe(all());
      expect(await ask(zinetd.port('bare'), '')).toBe(NOTHING);
      expect(await ask(zinetd.port('kept'), '')).toBe('CapBnd:\t0000000000000001\nNoNewPrivs:\t1\n');
    }
  });

  test('fail as others do where there is no thread, and go on once there is one (F4)', async () => {
    const zinetd = await startZinetd({ config: { services: { bare } } });
    const strace = await attachStrace(zinetd.pid, ['-e', 'inject=clone3,clone:error=EAGAIN:when=1']);
    expect(await ask(zinetd.port('bare'), '')).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ service: 'bare', step: 'clone', error: 'EAGAIN' });
    await strace.detach();
    expect(await ask(zinetd.port('bare'), '')).toBe(NOTHING);
  });

  test('outlast an upgrade, whose program has a thread of its own (F27)', async () => {
    const upgraded = new Upgraded();
    const echo = { ...bare, server: handler('echo'), server_args: [], on_stop: 'terminate' };
    const zinetd = await upgraded.start({ bare, echo });
    const held = await connect(zinetd.port('echo'));
    const { pid } = await zinetd.event((it) => it.event === 'started' && it['service'] === 'echo');
    upgraded.newVersion();
    expect((await upgraded.upgrade()).result).toMatchObject({ from: expect.stringMatching(/^\d/) });
    await zinetd.event('upgraded');
    expect(await ask(zinetd.port('bare'), '')).toBe(NOTHING);
    held.send('still here');
    held.halfClose();
    expect(await held.readAll()).toBe('still here');
    expect(await zinetd.event((it) => it.event === 'exited' && it['pid'] === pid)).toMatchObject({
      service: 'echo',
      status: 0,
    });
  });
});
