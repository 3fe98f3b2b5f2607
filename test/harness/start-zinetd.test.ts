import { expect, test } from 'vitest';
import { ask, connect } from './client.ts';
import { handler } from './handler.ts';
import { isRoot } from './identity.ts';
import { startZinetd } from './start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};

test('a daemon of the harness serves, tells of it, and leaves nothing behind (B1, B2)', async () => {
  const zinetd = await startZinetd({
    config: {
      defaults: user,
      services: { echo: { listen: 'tcp://127.0.0.1:0', server: handler('echo') } },
    },
  });
  expect(await ask(zinetd.port('echo'), 'hello\n')).toBe('hello\n');
  const started = await zinetd.event('started');
  expect(started).toMatchObject({ service: 'echo', peer: { address: '127.0.0.1' } });
  expect(await zinetd.event('exited')).toMatchObject({ pid: started.pid, status: 0 });
});

test('a client sees the clean end and the reset of its connection', async () => {
  const config = {
    defaults: user,
    services: {
      writer: { listen: 'tcp://127.0.0.1:0', server: handler('writer') },
      killed: { listen: 'tcp://127.0.0.1:0', server: handler('kill-group') },
    },
  };
  const zinetd = await startZinetd({ config });
  const writer = await connect(zinetd.port('writer'));
  writer.send('go\n');
  expect(await writer.ended()).toBe('end');
  expect(writer.received.length).toBe(1 << 20);
  const killed = await connect(zinetd.port('killed'));
  expect(await killed.ended()).toBe('end');
  expect(
    await zinetd.event((record) => record.event === 'exited' && record.service === 'killed'),
  ).toMatchObject({
    signal: 15,
  });
});
