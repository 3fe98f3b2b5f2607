import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DatagramClient, datagramClient } from '../harness/datagram-client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { armedOf } from './armed-of.ts';
import { maskProbe, type ProbeReport } from './probe-report.ts';

const waiting = {
  listen: 'udp://127.0.0.1:0',
  wait: true,
  user: 'nobody',
  cps: { rate: 10_000, wait: '1s' },
};
const MODES: Readonly<Record<string, object>> = {
  'mode: inetd': { mode: 'inetd' },
  'mode: extended': { mode: 'extended', listen_fds: false, peer_env: [] },
};
/** Of as many connections in a moment more than one child would wait. */
const BURST = 50;

/** So many datagrams at once, each of which is one handler's. Two of one length look like one that was left (S66). */
async function send(client: DatagramClient, zinetd: Zinetd, count: number): Promise<void> {
  const before = zinetd.log.count('exited');
  for (let index = 0; index < count; index++) await client.send(`length ${'.'.repeat(index % 9)}`);
  await until(() => zinetd.log.count('exited') === before + count, { what: 'each has had its handler' });
  expect(zinetd.log.count('started')).toBe(before + count);
}

/** Until somebody waits for the next one. */
async function makeBusy(client: DatagramClient, zinetd: Zinetd): Promise<number> {
  for (let count = 0; count < 100; count++) {
    await send(client, zinetd, BURST);
    const [armed, ...others] = armedOf(zinetd.pid);
    expect(others).toEqual([]);
    if (armed !== undefined) return armed;
  }
  throw new Error('Nobody waits for a datagram, however many come');
}

describeWith(
  'the next handler of a service that waits is there before the one ahead of it has ended (decision 24)',
  { needs: ['root'] },
  () => {
    test.each(Object.keys(MODES))('and has what the first one had: %s (promise 2)', async (mode) => {
      const reports = scratch('reports');
      chmodSync(reports, 0o777);
      const file = join(reports, 'report.json');
      const it = { ...waiting, ...MODES[mode], server: handler('probe'), server_args: [`to:${file}`] };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const client = await datagramClient(zinetd.port('it'));
      const reportOf = async (): Promise<ProbeReport> => {
        await send(client, zinetd, 1);
        return JSON.parse(readFileSync(file, 'utf8')) as ProbeReport;
      };
      const masked = (report: ProbeReport): string =>
        maskProbe(report, { spawnerPid: zinetd.pid, rlimits: [] }).replaceAll(/pipe:\[\d+\]/g, 'a pipe');
      const first = masked(await reportOf());
      const armed = await makeBusy(client, zinetd);
      const report = await reportOf();
      expect(report.pid).toBe(armed);
      expect(masked(report)).toBe(first);
    });

    test('and gone soon after the last of them (B1, promise 5)', async () => {
      const it = { ...waiting, mode: 'inetd', server: handler('datagrams'), server_args: ['1000', '1'] };
      const zinetd = await startZinetd({ config: { services: { it } } });
      const client = await datagramClient(zinetd.port('it'));
      await makeBusy(client, zinetd);
      await until(() => armedOf(zinetd.pid).length === 0, { what: 'nobody waits any more' });
      await zinetd.checkBars();
      client.answers.length = 0;
      await client.send('again');
      expect(await client.answer()).toMatch(/^\d+ blocking again$/);
    });

    test('and no help to one who is refused: it is asked of each who comes (S67, promise 3)', async () => {
      const it = { ...waiting, mode: 'inetd', server: handler('datagrams'), server_args: ['1000', '1'] };
      const rules = { only_from: ['127.0.0.1'] };
      const zinetd = await startZinetd({ config: { services: { it: { ...it, ...rules } } } });
      const friend = await datagramClient(zinetd.port('it'));
      const stranger = await datagramClient(zinetd.port('it'), '127.0.0.1', { from: '127.66.0.1' });
      await makeBusy(friend, zinetd);
      for (let index = 0; index < BURST; index++) {
        await friend.send(`let me in${'.'.repeat(index % 9)}`);
        await stranger.send('let me in');
      }
      const isThrough = () => zinetd.log.count('refused') > 0 && friend.answers.length % BURST === 0;
      await until(isThrough, { what: 'all of them were looked at' });
      expect(stranger.answers).toEqual([]);
    });
  },
);
