import { expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { socketInodes } from '../harness/socket-inode.ts';
import { Upgraded } from '../integration/upgraded.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';
import { hold, loadOn } from './under-load.ts';

const UPGRADES = scaled({ short: 3, long: 40 });
const UPGRADE_MS = 20_000;
const LOAD = { inFlight: 50, seconds: 2, perSecond: 200 };
const user = isRoot ? { user: 'nobody' } : {};
const common = { listen: 'tcp://127.0.0.1:0', per_source: 'UNLIMITED', ...user };

test(
  `${UPGRADES} upgrades under ${LOAD.perSecond} connections a second cost none of them, no byte of those that stay, and no socket (F27, B6, S124)`,
  async () => {
    const upgraded = new Upgraded();
    const raw = { ...common, server: handler('raw'), instances: 1000 };
    const held = { ...common, server: handler('echo') };
    const zinetd = await upgraded.start({ raw, held }, { lossy: true });
    const port = zinetd.port('raw');
    const client = await hold(zinetd.port('held'));
    const inodes = (): unknown => [socketInodes(port), socketInodes(zinetd.port('held'))];
    const before = inodes();
    const { pid } = zinetd;
    const finish = loadOn(port, LOAD);
    let longestMs = 0;
    for (let turn = 1; turn <= UPGRADES; turn++) {
      upgraded.newVersion();
      const startMs = performance.now();
      expect((await upgraded.upgrade()).error).toBeUndefined();
      await zinetd.event('upgraded', { timeoutMs: UPGRADE_MS });
      longestMs = Math.max(longestMs, performance.now() - startMs);
      expect(inodes()).toEqual(before);
      client.send(`${turn} `);
      await client.readUntil(`${turn} `);
    }
    const loads = await finish();
    for (const { errors } of loads)
      expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 });
    client.halfClose();
    expect(await client.readAll()).toBe(
      Array.from({ length: UPGRADES + 1 }, (_, turn) => `${turn} `).join(''),
    );
    expect(zinetd.pid).toBe(pid);
    const total = loads.reduce((sum, load) => sum + load.total, 0);
    const longestWaitMs = Math.max(...loads.map(({ maxUs }) => maxUs)) / 1000;
    const tell = (figure: string, value: number, bar: string): void =>
      record({ fault: 'F27', figure, value, bar });
    tell('upgrades under load', UPGRADES, '');
    tell('connections meanwhile', total, `${LOAD.perSecond} a second`);
    tell('refused, reset, or with a byte lost', 0, '0');
    tell('listening sockets that are others', 0, '0');
    tell('longest wait of a client, ms', rounded(longestWaitMs), '');
    tell('longest upgrade, ms', Math.round(longestMs), '');
    await zinetd.settled();
  },
  60_000 + UPGRADES * UPGRADE_MS,
);
