import { expect, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { visit } from '../harness/crowd.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const user = isRoot ? { user: 'nobody' } : {};
const listen = 'tcp://127.0.0.1:0';
/** Of the others, who come one by one. */
const PACE_MS = 20;
const KILLS = scaled({ short: 40, long: 500 });
const HELD = 8;
const EVERY_MS = 100;

/** Of those that are held: the others come from the same ports. */
function isOf({ event, service }: LogRecord, wanted: string): boolean {
  return event === wanted && service === 'held';
}

test(`${KILLS} handlers that are killed cost ${KILLS} connections, and no other (F9, S9, promise 7)`, async () => {
  const many = { instances: 200, per_source: 'UNLIMITED' };
  const services = {
    held: { listen, server: handler('echo'), ...many, ...user },
    busy: { listen, server: handler('raw'), ...many, ...user },
  };
  const zinetd = await startZinetd({ config: { services } });
  let isOver = false;
  let served = 0;
  const keepComing = async (): Promise<void> => {
    while (!isOver) {
      expect(await visit(zinetd.port('busy'))).toMatchObject({ code: undefined, received: 'ok\n' });
      served++;
      await new Promise((done) => setTimeout(done, PACE_MS));
    }
  };
  const coming = keepComing();
  const hold = async () => {
    const client = await connect(zinetd.port('held'));
    client.send('hello ');
    await client.readUntil('hello ');
    const { localPort } = client;
    const started = await zinetd.event((it) => isOf(it, 'started') && it.peer?.port === localPort);
    return { client, pid: started.pid ?? 0 };
  };
  const held = await Promise.all(Array.from({ length: HELD }, hold));
  const startMs = performance.now();
  for (let count = 0; count < KILLS; count++) {
    // A different one each time, and another in its place.
    const at = (count * 5) % HELD;
    const { client, pid } = held[at] ?? (await hold());
    process.kill(pid, 'SIGKILL');
    await client.ended();
    expect(await zinetd.event((it) => isOf(it, 'exited') && it.pid === pid)).toMatchObject({ signal: 9 });
    held[at] = await hold();
    const restMs = startMs + (count + 1) * EVERY_MS - performance.now();
    if (restMs > 0) await new Promise((done) => setTimeout(done, restMs));
  }
  const perSecond = (KILLS * 1000) / (performance.now() - startMs);
  isOver = true;
  await coming;
  for (const { client } of held) {
    client.send('world');
    client.halfClose();
    expect(await client.readAll()).toBe('hello world');
  }
  await until(() => zinetd.log.count('started') === zinetd.log.count('exited'), {
    what: 'all ends are told',
  });
  const tell = (figure: string, value: number, bar: string): void =>
    record({ fault: 'F9', figure: `kill -9 of handlers: ${figure}`, value, bar });
  tell('kills', KILLS, '500');
  tell('kills a second', rounded(perSecond), '10');
  tell(
    'connections lost',
    zinetd.log.count(({ signal }) => signal === 9),
    `${KILLS}: one for each`,
  );
  tell('others served meanwhile', served, 'all');
  expect(zinetd.log.count(({ signal }) => signal === 9)).toBe(KILLS);
}, 300_000);
