import { expect, test } from 'vitest';
import { ask, type Client, connect } from '../harness/client.ts';
import { limitDescriptors } from '../harness/limit-descriptors.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const listen = 'tcp://127.0.0.1:0';
/** Of a dispatcher: what it has at its start, and little more. */
const FEW_DESCRIPTORS = 60;

test('clients that use up all descriptors stop no reload for longer than they stay (promises 4 and 5)', async () => {
  const unlimited = { instances: 'UNLIMITED', per_source: 'UNLIMITED' };
  const zinetd = await startZinetd({
    config: { services: { echo: { listen, builtin: 'echo', ...unlimited } } },
  });
  const { dispatcherPid = 0 } = zinetd;
  limitDescriptors(dispatcherPid, FEW_DESCRIPTORS);
  const clients: Client[] = [];
  for (let count = 0; count < FEW_DESCRIPTORS; count++) clients.push(await connect(zinetd.port('echo')));
  await zinetd.event('paused');
  zinetd.signal('SIGHUP');
  expect(await zinetd.event('reload-failed')).toMatchObject({ reason: 'system', error: 'EMFILE' });
  for (const client of clients) client.socket.destroy();
  await zinetd.event('resumed');
  zinetd.signal('SIGHUP');
  await zinetd.event('reloaded');
  expect(await ask(zinetd.port('echo'), 'hello')).toBe('hello');
  expect(zinetd.dispatcherPid).toBe(dispatcherPid);
});
