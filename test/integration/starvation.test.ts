import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
const HELD = 5;

async function finish(clients: readonly Client[]): Promise<void> {
  for (const client of clients) {
    client.send('after');
    client.halfClose();
    expect(await client.readAll()).toBe('before after');
  }
}

describe('instances', () => {
  test('are what may run at once: one more is refused, until one ends (promise 5, promise 7)', async () => {
    const limits = { instances: HELD, per_source: 'UNLIMITED' };
    const services = { echo: { listen, server: handler('echo'), ...limits, ...user } };
    const zinetd = await startZinetd({ config: { services } });
    const port = zinetd.port('echo');
    const clients: Client[] = [];
    for (let count = 0; count < HELD; count++) {
      const client = await connect(port);
      client.send('before ');
      await client.readUntil('before ');
      clients.push(client);
    }
    expect(await ask(port, 'one too many')).toBe('');
    const refused = await zinetd.event('refused');
    expect(refused).toMatchObject({ service: 'echo', reason: 'service_limit', check: { name: 'instances' } });
    await finish(clients.slice(0, 1));
    await zinetd.event('exited');
    expect(await ask(port, 'in its place')).toBe('in its place');
    await finish(clients.slice(1));
  });
});

describeWith('the queue of a listener', { needs: [{ program: 'ss' }] }, () => {
  const most = Math.min(4096, Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8')));

  test.each([
    ['as long as the kernel allows, up to 4,096', {}, most],
    ['as long as the configuration says', { backlog: 7 }, 7],
  ])('is %s (S82)', async (_title, more, wanted) => {
    const services = { echo: { listen, server: handler('echo'), ...more, ...user } };
    const zinetd = await startZinetd({ config: { services } });
    const filter = `sport = :${zinetd.port('echo')}`;
    const [, , queue] = execFileSync('ss', ['-Hltn', filter], { encoding: 'utf8' }).trim().split(/\s+/);
    expect(Number(queue)).toBe(wanted);
  });
});
