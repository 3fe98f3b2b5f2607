import { describe, expect, test } from 'vitest';
import { type DatagramClient, datagramClient } from '../harness/datagram-client.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const user = isRoot ? { user: 'nobody' } : {};
const V4 = 'udp://127.0.0.1:0';
const many = { instances: 200, per_source: 'UNLIMITED' };

function start(service: object = {}): Promise<Zinetd> {
  const it = { listen: V4, server: handler('connected'), server_args: ['150'], ...many, ...user, ...service };
  return startZinetd({ config: { services: { it } } });
}

function pidIn(answer: string): number {
  return Number(answer.split(' ')[0]);
}

/** As programs over UDP do: sends again until there is an answer. */
async function insist(client: DatagramClient, text: string): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    await client.send(text);
    const answer = await client.answer({ timeoutMs: 500 }).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  throw new Error(`"${text}" was never answered`);
}

describe('datagrams without wait', () => {
  test.each([
    ['IPv4', V4, '127.0.0.1'],
    ['IPv6', 'udp://[::1]:0', '::1'],
    ['IPv4 on a socket of IPv6', 'udp46://*:0', '127.0.0.1'],
  ])(
    'have one handler for each peer, which reads what its peer sends and writes to it: %s',
    async (_, listen, host) => {
      const zinetd = await start({ listen });
      const [one, two] = [
        await datagramClient(zinetd.port('it'), host),
        await datagramClient(zinetd.port('it'), host),
      ];
      await one.send('first of one');
      const first = await one.answer();
      expect(first).toBe(`${pidIn(first)} first of one`);
      await one.send('second of one');
      expect(await one.answer()).toBe(`${pidIn(first)} second of one`);
      await two.send('first of two');
      const other = await two.answer();
      expect(other).toBe(`${pidIn(other)} first of two`);
      expect(pidIn(other)).not.toBe(pidIn(first));
      expect(await zinetd.event('started')).toMatchObject({ pid: pidIn(first), peer: { port: one.port } });
      await until(() => zinetd.log.count('exited') === 2, { what: 'both have ended' });
      await one.send('again');
      expect(pidIn(await one.answer())).not.toBe(pidIn(first));
    },
  );

  test('come to a handler in a blocking socket whose peer recvfrom(2) names, and end with a stop (promise 2)', async () => {
    const zinetd = await start({ server: handler('datagrams'), server_args: ['60000'] });
    const clients = [await datagramClient(zinetd.port('it')), await datagramClient(zinetd.port('it'))];
    for (const client of clients) {
      await client.send('x');
      expect(await client.answer()).toMatch(/^\d+ blocking x$/);
    }
    const stopped = zinetd.stop();
    await zinetd.event('stopping');
    zinetd.signal('SIGTERM');
    await stopped;
    expect(zinetd.log.all.filter(({ event }) => event === 'exited').map(({ signal }) => signal)).toEqual([
      15, 15,
    ]);
  });

  test('lose nothing of a burst of one peer', async () => {
    const zinetd = await start();
    const client = await datagramClient(zinetd.port('it'));
    const texts = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    for (const text of texts) await client.send(text);
    await until(() => client.answers.length === texts.length, { what: 'all are answered' });
    const lines = client.answers.map((answer) => answer.replace(/^\d+ /, ''));
    expect([...lines].sort()).toEqual([...texts].sort());
  });

  test('reach every one of many peers that come at once and insist, each with a handler that sees no other (S6)', async () => {
    const zinetd = await start();
    const clients: DatagramClient[] = [];
    for (let index = 0; index < 40; index++) clients.push(await datagramClient(zinetd.port('it')));
    const begun = performance.now();
    const answers = await Promise.all(clients.map((client, index) => insist(client, `peer ${index}`)));
    for (const [index, answer] of answers.entries())
      expect(answer).toMatch(new RegExp(`^\\d+ peer ${index}$`));
    expect(performance.now() - begun).toBeLessThan(8000);
    await zinetd.stop();
  });

  test('that are refused are dropped, with a line and no price, and hold up nobody (S62, S67)', async () => {
    const zinetd = await start({ no_access: ['127.66.0.1'], penalties: { refused: '90s', threshold: '1s' } });
    const stranger = await datagramClient(zinetd.port('it'), '127.0.0.1', { from: '127.66.0.1' });
    const friend = await datagramClient(zinetd.port('it'));
    for (let count = 0; count < 100; count++) await stranger.send('x');
    expect(await insist(friend, 'hello')).toMatch(/ hello$/);
    expect(await zinetd.event('refused')).toMatchObject({
      reason: 'address',
      peer: { address: '127.66.0.1' },
    });
    await zinetd.stop();
    expect(stranger.answers).toEqual([]);
    expect(zinetd.log.count('banned')).toBe(0);
    expect(zinetd.log.count('started')).toBe(1);
  });

  test('never feed a ban, whatever their handlers make of them (S62)', async () => {
    const zinetd = await start({
      server: '/bin/false',
      server_args: [],
      penalties: { exit_status: [{ status: 1, penalty: '90s' }], threshold: '1s' },
    });
    const client = await datagramClient(zinetd.port('it'));
    for (let count = 0; count < 3; count++) {
      await client.send('x');
      await zinetd.event('exited');
    }
    expect(zinetd.log.count('banned')).toBe(0);
  });

  test('are served while a stranger floods the port, within a second of the second try (promise 5)', async () => {
    const zinetd = await start({ no_access: ['127.66.0.1'] });
    const stranger = await datagramClient(zinetd.port('it'), '127.0.0.1', { from: '127.66.0.1' });
    let isOver = false;
    const flood = (async () => {
      while (!isOver) {
        for (let count = 0; count < 5; count++) await stranger.send('x');
        await new Promise((next) => setTimeout(next, 1));
      }
    })();
    try {
      for (let round = 0; round < 5; round++) {
        const client = await datagramClient(zinetd.port('it'));
        const begun = performance.now();
        expect(await insist(client, `round ${round}`)).toMatch(/round/);
        expect(performance.now() - begun).toBeLessThan(2000);
      }
    } finally {
      isOver = true;
      await flood;
    }
    await zinetd.stop();
  });

  test('leave no descriptor open after ten thousand of them, and no handler (S6, S68)', {
    timeout: 60_000,
  }, async () => {
    const zinetd = await start({ server: handler('connected'), server_args: ['0'], instances: 50 });
    const clients: DatagramClient[] = [];
    for (let index = 0; index < 20; index++) clients.push(await datagramClient(zinetd.port('it')));
    for (let round = 0; round < 500; round++) {
      await Promise.all(clients.map((client, index) => client.send(index % 2 ? '' : `round ${round}`)));
      await new Promise((next) => setTimeout(next, 5));
    }
    await until(() => zinetd.log.count('started') >= 20, { what: 'some were served' });
    console.info(`10000 datagrams of 20 peers had ${zinetd.log.count('started')} handlers`);
    const last = await datagramClient(zinetd.port('it'));
    expect(await insist(last, 'last')).toMatch(/ last$/);
    // That descriptors are back at the baseline is looked at behind every test (B1).
  });
});
