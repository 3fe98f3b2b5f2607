import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd } from '../harness/start-zinetd.ts';

const user = isRoot ? { user: 'nobody' } : {};

/** What a handler finds on its connection; the service is called `it`. */
async function optionsOf(
  settings: Readonly<Record<string, unknown>>,
  options: Partial<StartOptions> = {},
): Promise<string> {
  const it = { listen: 'tcp://127.0.0.1:0', server: handler('socket-options'), ...user, ...settings };
  const zinetd = await startZinetd({ config: { services: { it } }, ...options });
  return ask(zinetd.port('it'));
}

/** The same, by a rule of hosts.allow with these options. */
function optionsOfRule(options: string): Promise<string> {
  const allow = join(scratch('hosts'), 'hosts.allow');
  writeFileSync(allow, `ALL: ALL: ${options}\n`);
  return optionsOf({ keepalive: false, hosts_access: { allow, deny: '/nonexistent' } });
}

describe('the connection of a handler', () => {
  test.each([
    ['is kept alive unless the configuration says otherwise (S81)', {}, 'keepalive 1, linger 0 0\n'],
    ['is as the kernel makes it with keepalive off', { keepalive: false }, 'keepalive 0, linger 0 0\n'],
  ])('%s', async (_title, settings, options) => {
    expect(await optionsOf(settings)).toBe(options);
  });

  test.each([
    ['keepalive', 'keepalive 1, linger 0 0\n'],
    ['linger 7', 'keepalive 0, linger 1 7\n'],
    ['linger 99999', 'keepalive 0, linger 1 99999\n'],
    ['linger 0', 'keepalive 0, linger 0 0\n'],
    ['keepalive : linger 7', 'keepalive 1, linger 1 7\n'],
  ])('is as hosts.allow says with the option "%s"', async (rule, options) => {
    expect(await optionsOfRule(rule)).toBe(options);
  });
});
