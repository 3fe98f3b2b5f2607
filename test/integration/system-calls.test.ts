import { expect, test } from 'vitest';
import {
  callTexts,
  errorsByCall,
  expectedErrors,
  KNOWN_PROBES,
  PROFILE_NAMES,
  PROFILES,
} from '../fixtures/system-call-probes.ts';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';

const own = { listen: 'tcp://127.0.0.1:0', ...(isRoot ? { user: 'nobody' } : {}) };
const prober = { ...own, server: handler('system-calls'), server_args: callTexts(KNOWN_PROBES) };
const reader = { ...own, server: '/bin/cat', server_args: ['/proc/self/status'] };

function fieldOf(status: string, name: string): string | undefined {
  return new RegExp(`^${name}:\\s*(\\S+)$`, 'm').exec(status)?.[1];
}

test('each profile gives a handler the errors of the table, sixty calls and more (S31, S35, S36, S38)', async () => {
  const services = Object.fromEntries(
    PROFILE_NAMES.map((profile) => [profile, { ...prober, ...PROFILES[profile] }]),
  );
  const zinetd = await startZinetd({ config: { services: { ...services, free: prober } } });
  const free = await ask(zinetd.port('free'));
  expect(KNOWN_PROBES.length).toBeGreaterThanOrEqual(60);
  for (const profile of PROFILE_NAMES) {
    const found = errorsByCall(await ask(zinetd.port(profile)));
    expect({ profile, found }).toEqual({ profile, found: expectedErrors(profile, free) });
  }
});

test('a handler has one filter more than zinetd, and no new privileges, exactly where something is restricted', async () => {
  const services = {
    free: reader,
    filtered: { ...reader, system_calls: ['@system-service'] },
    extended: { ...reader, mode: 'extended', lock_personality: true },
  };
  const zinetd = await startZinetd({ config: { services } });
  const free = await ask(zinetd.port('free'));
  const filters = Number(fieldOf(free, 'Seccomp_filters'));
  for (const service of ['filtered', 'extended']) {
    const status = await ask(zinetd.port(service));
    expect([fieldOf(status, 'Seccomp'), fieldOf(status, 'NoNewPrivs')]).toEqual(['2', '1']);
    expect(Number(fieldOf(status, 'Seccomp_filters'))).toBe(filters + 1);
  }
});

test('a handler that is killed for a call says so in its record', async () => {
  const shell = { ...own, server: '/bin/sh', server_args: ['-c', 'echo first; kill -0 $$; echo second'] };
  const services = { shell: { ...shell, system_calls: ['~kill:kill'] } };
  const zinetd = await startZinetd({ config: { services } });
  expect(await ask(zinetd.port('shell'))).toBe('first\n');
  expect(await zinetd.event('exited')).toMatchObject({ service: 'shell', signal: 31 });
});
