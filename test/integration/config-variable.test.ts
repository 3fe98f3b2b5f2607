import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};
const SERVICES = {
  it: { listen: 'tcp://127.0.0.1:0', server: '/usr/bin/env', pass_env: 'ALL', ...user },
};

async function environmentOf(port: number): Promise<readonly string[]> {
  return (await (await connect(port)).readAll()).trim().split('\n').sort();
}

test('a configuration in the environment is served, over a reload too, and no handler gets it', async () => {
  const ZINETD_CONFIG = JSON.stringify({ version: 1, services: SERVICES });
  const zinetd = await startZinetd({ env: { ZINETD_CONFIG, SECRET: 'shared' } });
  const seen = await environmentOf(zinetd.port('it'));
  expect(seen).toContain('SECRET=shared');
  expect(seen.filter((line) => line.startsWith('ZINETD'))).toEqual([]);
  zinetd.signal('SIGHUP');
  expect(await zinetd.event('diagnostic')).toMatchObject({ code: 'config/read-once', level: 'warning' });
  await zinetd.event('reloaded');
  expect(await environmentOf(zinetd.port('it'))).toEqual(seen);
});
