import { describe, expect, test } from 'vitest';
import { isRoot } from '../harness/identity.ts';
import { probeBy } from '../harness/probe-everywhere.ts';
import { hostileStart } from './hostile-start.ts';

const user = isRoot ? { user: 'nobody' } : {};

describe('a handler with "pass_env: ALL"', () => {
  test('has the environment that zinetd was started with, and nothing of what zinetd sets for itself (S132)', async () => {
    const env = { LANG: 'C.UTF-8', TEXT: 'a=b "c" %n', EMPTY: '', UV_THREADPOOL_SIZE: '3' };
    const { environment } = await probeBy(
      'stream',
      { ...user, pass_env: 'ALL', env: { OWN: 'own' } },
      { env },
    );
    // The shell between the test and zinetd adds the last one.
    const { PATH, PWD: _, ...others } = environment;
    expect(others).toEqual({ ...env, OWN: 'own' });
    expect(PATH).toMatch(/^\//);
  });

  test('has it after the traps that others set for Node, which reach nothing of zinetd itself (S132)', async () => {
    const hostile = hostileStart();
    const { environment, zinetd } = await probeBy('stream', { ...user, pass_env: 'ALL' }, hostile.options);
    // The shell between the test and zinetd has its own, and a service manager talks to zinetd alone.
    const {
      IFS: _,
      LISTEN_FDS,
      LISTEN_PID,
      NOTIFY_SOCKET,
      CREDENTIALS_DIRECTORY,
      ...env
    } = hostile.options.env ?? {};
    const managers = { LISTEN_FDS, LISTEN_PID, NOTIFY_SOCKET, CREDENTIALS_DIRECTORY };
    expect(environment).toMatchObject(env);
    expect(Object.keys(environment).filter((name) => name in managers)).toEqual([]);
    expect(Object.values(managers)).not.toContain(undefined);
    expect(hostile.infected(), 'only the command itself took NODE_OPTIONS').toEqual([zinetd.pid]);
  });

  test('gets all of a thousand variables, and what tells of the client besides', async () => {
    const env = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`V${index}`, 'x'.repeat(90)]));
    const { environment } = await probeBy('stream', { ...user, pass_env: 'ALL', peer_env: ['cgi'] }, { env });
    expect(environment).toMatchObject({ ...env, REMOTE_ADDR: '127.0.0.1' });
  });
});
