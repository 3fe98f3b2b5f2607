import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { Visitors } from '../harness/visitors.ts';

/** The handler of the bench answers and ends. */
const OK = 'ok\n';

const user = isRoot ? { user: 'nobody' } : {};

/** A listener for both families, as the kernel makes one of an IPv6 socket. */
const BOTH = { listen: 'tcp://[::]:0', v6only: false, server: handler('raw'), ...user };

/** One source may come twice in ten minutes. */
const TWICE = { count: 2, per: '10m' };

test('a rule for IPv4 holds for IPv4 clients of a listener for both families (S47)', async () => {
  const zinetd = await startZinetd({
    config: { services: { both: { ...BOTH, no_access: ['127.44.0.0/16'] } } },
  });
  const visitors = new Visitors();
  const from = (address: string) =>
    visitors.visit({ from: address, to: '127.0.0.1', port: zinetd.port('both') });
  expect(await from('127.44.5.6')).not.toEqual([OK]);
  expect(await zinetd.event('refused')).toMatchObject({
    reason: 'address',
    peer: { address: '127.44.5.6' },
    check: { name: 'access', rule: { text: '127.44.0.0/16' } },
  });
  expect(await from('127.45.5.6')).toEqual([OK]);
  expect(await zinetd.event('started')).toMatchObject({ peer: { address: '127.45.5.6' } });
});

test('only_from with an IPv4 network lets an IPv4 client in through such a listener (S47)', async () => {
  const zinetd = await startZinetd({
    config: { services: { both: { ...BOTH, only_from: ['127.44.0.0/16'] } } },
  });
  const visitors = new Visitors();
  const port = zinetd.port('both');
  expect(await visitors.visit({ from: '127.44.5.6', to: '127.0.0.1', port })).toEqual([OK]);
  expect(await visitors.visit({ from: '127.45.5.6', to: '127.0.0.1', port })).not.toEqual([OK]);
});

test('one IPv4 source that used up its rate leaves its neighbour alone, through [::] as well (S48)', async () => {
  const zinetd = await startZinetd({ config: { services: { both: { ...BOTH, rate_per_source: TWICE } } } });
  const visitors = new Visitors();
  const port = zinetd.port('both');
  const served: string[] = [];
  for (const address of ['127.44.5.6', '127.44.5.6', '127.44.5.6', '127.44.5.7'])
    served.push(...(await visitors.visit({ from: address, to: '127.0.0.1', port })));
  expect([served[0], served[1], served[3]]).toEqual([OK, OK, OK]);
  expect(served[2]).not.toBe(OK);
  expect(await zinetd.event('refused')).toMatchObject({
    reason: 'per_source_rate',
    peer: { address: '127.44.5.6' },
  });
});

/** A daemon in a network of its own, to which shell commands may add. */
async function startIsolated(options: {
  readonly network: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}) {
  const script = ['ip link set lo up', ...options.network, 'exec "$@"'].join(' && ');
  const zinetd = await startZinetd({
    config: options.config,
    prefix: ['unshare', '--net', 'sh', '-c', script, 'sh'],
  });
  return { zinetd, visitors: new Visitors({ namespaceOf: zinetd.pid }) };
}

describeWith('in a network of its own', { needs: ['root', 'a network namespace'] }, () => {
  const ANY_IP = ['ip -6 route add local 2001:db8:77::/48 dev lo'];
  const SIX = { listen: 'tcp://[::]:0', server: handler('raw'), ...user };

  test('a hundred addresses of one /64 are one source, and the next /64 is another (S49)', async () => {
    const { zinetd, visitors } = await startIsolated({
      network: ANY_IP,
      config: { services: { six: { ...SIX, rate_per_source: TWICE } } },
    });
    const order = { to: '::1', port: zinetd.port('six') };
    const many = await visitors.visit({ ...order, from: '2001:db8:77:1::1', times: 100 });
    expect(many.filter((got) => got === OK)).toHaveLength(2);
    expect(await visitors.visit({ ...order, from: '2001:db8:77:2::1', times: 2 })).toEqual([OK, OK]);
    expect(await visitors.visit({ ...order, from: '2001:db8:77:1:ffff::1' })).not.toEqual([OK]);
  });

  test('the prefix that is written counts instead of /64 (S49)', async () => {
    const { zinetd, visitors } = await startIsolated({
      network: ANY_IP,
      config: { sources: { ipv6_prefix: 128 }, services: { six: { ...SIX, rate_per_source: TWICE } } },
    });
    const order = { to: '::1', port: zinetd.port('six') };
    const many = await visitors.visit({ ...order, from: '2001:db8:77:1::1', times: 20 });
    expect(many).toEqual(Array.from({ length: 20 }, () => OK));
  });

  test('one address on two links is two clients, for rules and for limits (S50)', async () => {
    // The kernel takes what goes to an address of its own as coming from the link that has it.
    const link = (name: string) => [
      `ip link add ${name}0 type veth peer name ${name}1`,
      ...[`${name}0`, `${name}1`].map((end) => `ip link set ${end} up`),
      `ip -6 addr add fe80::1/64 dev ${name}0 nodad`,
    ];
    const { zinetd, visitors } = await startIsolated({
      network: [...link('a'), ...link('b')],
      config: {
        services: {
          denied: { ...SIX, no_access: ['fe80::/64', 'fe80::1%a0'], only_from: ['fe80::/10', 'fe80::1%b0'] },
          limited: { ...SIX, rate_per_source: { count: 1, per: '10m' } },
        },
      },
    });
    const from = (device: string, service: string) =>
      visitors.visit({ from: 'fe80::1', to: 'fe80::1', device, port: zinetd.port(service) });
    expect(await from('b0', 'denied')).toEqual([OK]);
    expect(await from('a0', 'denied')).not.toEqual([OK]);
    const refused = await zinetd.event('refused');
    expect(refused).toMatchObject({
      reason: 'address',
      peer: { address: 'fe80::1', scope_id: expect.any(Number) },
    });
    expect(await from('a0', 'limited')).toEqual([OK]);
    expect(await from('b0', 'limited')).toEqual([OK]);
    expect(await from('a0', 'limited')).not.toEqual([OK]);
  });
});
