import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { descriptorCountOf, statusOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { socketInodes } from '../harness/socket-inode.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { freePort } from '../integration/free-port.ts';
import { echoAt, type Services } from '../integration/reload-run.ts';
import { record } from './record.ts';
import { scaled } from './scale.ts';
import { hold, loadOn } from './under-load.ts';

/** All of B6 takes ten minutes. */
const RELOADS = scaled({ short: 30, long: 1000 });
const LOAD = { inFlight: 20, seconds: 5, perSecond: 200 };
const RELOAD_MOST_MS = 5000;
const HELD = 3;
const MOST_GROWTH_KB = 2048;

/** Different services and orders of them around two that stay, and ways to be wrong, in turn. */
function versions(steady: Services, [a = 0, b = 0, c = 0]: readonly number[]): readonly string[] {
  const valid: readonly Services[] = [
    { ...steady, a: echoAt(a) },
    { b: echoAt(b), ...steady },
    Object.fromEntries(Object.entries({ a: echoAt(a), c: echoAt(c), ...steady }).reverse()),
    { ...steady, a: echoAt(a, { no_delay: true }), heir: echoAt(c) },
    { a: echoAt(`tcp://0.0.0.0:${a}`), ...steady, b: echoAt(b, { nice: 1 }) },
  ];
  const invalid = ['services: [', JSON.stringify({ services: { ...steady, a: { listen: 'nowhere' } } })];
  const texts = valid.map((services) => JSON.stringify({ services }));
  return texts.flatMap((text, index) => [text, invalid[index % invalid.length] ?? '']);
}

/** What became of it, and why. */
async function reload(zinetd: Zinetd): Promise<LogRecord> {
  zinetd.signal('SIGHUP');
  const isOutcome = ({ event }: { readonly event: string }): boolean =>
    event === 'reloaded' || event === 'reload-failed';
  return zinetd.event(isOutcome);
}

test(
  `${RELOADS} reloads, valid, invalid and permuted, cost none of ${LOAD.perSecond} connections a second, no byte of those that stay, and no socket that did not change (F10, promise 4, B6, S4, S124, S125)`,
  async () => {
    const ports: number[] = [];
    for (let count = 0; count < 5; count++) ports.push(await freePort());
    const [port = 0, held = 0, ...others] = ports;
    const steady = {
      steady: echoAt(port, { server: handler('raw'), instances: 500 }),
      held: echoAt(held),
    };
    const path = join(scratch('services'), 'services.yaml');
    const put = (text: string): void => writeFileSync(path, text, { mode: 0o644 });
    put(JSON.stringify({ services: steady }));
    const zinetd = await startZinetd({ config: JSON.stringify({ version: 1, include: [path] }) });
    const clients = await Promise.all(Array.from({ length: HELD }, () => hold(held)));
    const sockets = (): unknown => [socketInodes(port), socketInodes(held)];
    const rssKb = (): number => Number.parseInt(statusOf(zinetd.pid, 'VmRSS') ?? '', 10);
    const before = { sockets: sockets(), descriptors: descriptorCountOf(zinetd.pid), rss: rssKb() };
    const { dispatcherPid } = zinetd;
    const finish = loadOn(port, LOAD);
    const texts = versions(steady, others);
    const unexpected: LogRecord[] = [];
    for (let turn = 1; turn <= RELOADS; turn++) {
      put(texts[turn % texts.length] ?? '');
      const outcome = await reload(zinetd);
      const isValid = turn % 2 === 0;
      if (outcome.event !== (isValid ? 'reloaded' : 'reload-failed')) unexpected.push(outcome);
      expect(sockets()).toEqual(before.sockets);
      for (const client of clients) client.send(`${turn} `);
    }
    const loads = await finish();
    put(JSON.stringify({ services: steady }));
    expect(await reload(zinetd)).toMatchObject({ event: 'reloaded' });
    for (const { errors } of loads) {
      expect(errors).toMatchObject({ refused: 0, reset: 0, timeout: 0, noData: 0, wrongData: 0, other: 0 });
    }
    const total = loads.reduce((sum, load) => sum + load.total, 0);
    expect(unexpected).toEqual([]);
    const said = Array.from({ length: RELOADS + 1 }, (_, turn) => `${turn} `).join('');
    for (const client of clients) {
      client.halfClose();
      expect(await client.readAll()).toBe(said);
    }
    expect(zinetd.dispatcherPid).toBe(dispatcherPid);
    expect(rssKb() - before.rss).toBeLessThan(MOST_GROWTH_KB);
    await zinetd.checkBars();
    const rows: readonly (readonly [string, number, string])[] = [
      ['reloads, valid, invalid and permuted', RELOADS, '1,000'],
      ['connections meanwhile', total, `${LOAD.perSecond} a second`],
      ['refused, reset, or with a byte lost', 0, '0'],
      ['listening sockets that stay and are others', 0, '0'],
      ['growth of the spawner, KiB', rssKb() - before.rss, `less than ${MOST_GROWTH_KB}`],
      [
        'growth of the spawner, descriptors',
        (descriptorCountOf(zinetd.pid) ?? 0) - (before.descriptors ?? 0),
        '0',
      ],
    ];
    for (const [figure, value, bar] of rows) record({ fault: 'F10', figure, value, bar, of: 'B6' });
  },
  RELOADS * RELOAD_MOST_MS,
);
