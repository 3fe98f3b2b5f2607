import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { udpClient } from '../harness/udp-client.ts';

const user = isRoot ? { user: 'nobody' } : {};
const GROUP = '224.0.0.231';
const GROUP6 = 'ff12::5a49';
/** As /proc/net/igmp6 writes it. */
const GROUP6_DIGITS = 'ff120000000000000000000000005a49';

function start(service: object): Promise<Zinetd> {
  const it = { bind_to_device: 'lo', ...service };
  return startZinetd({ config: { services: { it } } });
}

describe('a listener on the address of a group', () => {
  test.each([
    ['a built-in', { builtin: 'echo' }],
    ['a handler for each peer', { server: handler('connected'), ...user }],
    ['a handler that waits', { server: handler('datagrams'), wait: true, ...user }],
  ])('is a member of it, so that its datagrams come to %s', async (_title, service) => {
    const zinetd = await start({ listen: `udp://${GROUP}:0`, ...service });
    const client = await udpClient();
    client.socket.setMulticastInterface('127.0.0.1');
    await client.send('to the group', { port: zinetd.port('it'), host: GROUP });
    expect((await client.reply(1)).bytes.toString()).toContain('to the group');
  });

  test('is one of IPv6, too', async () => {
    // Nothing can be sent there: the loopback interface has no route to groups of IPv6.
    const members = (): string => readFileSync('/proc/net/igmp6', 'utf8');
    expect(members()).not.toContain(GROUP6_DIGITS);
    await start({ listen: `udp://[${GROUP6}]:0`, builtin: 'discard' });
    expect(members()).toMatch(new RegExp(`\\blo +${GROUP6_DIGITS}`));
  });
});
