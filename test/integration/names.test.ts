import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import type { LogRecord } from '../harness/log-records.ts';
import { descriptorCountOf } from '../harness/processes.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { Visitors } from '../harness/visitors.ts';
import { startNameServer, withNameServices } from '../resolver/name-services.ts';

const OK = 'ok\n';
const ANY_IP = ['ip route add local 10.0.0.0/8 dev lo'];
const SERVICE = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), user: 'nobody' };

/** A daemon whose name server is lying-dns.py; everybody of 10.0.0.0/8 can visit it. */
async function startNamed(services: Readonly<Record<string, object>>): Promise<Zinetd> {
  const named = Object.entries(services).map(([name, more]) => [name, { ...SERVICE, ...more }]);
  const zinetd = await startZinetd({
    config: { services: Object.fromEntries(named) },
    prefix: withNameServices(ANY_IP),
  });
  await startNameServer(zinetd);
  return zinetd;
}

function visitors(zinetd: Zinetd) {
  const crowd = new Visitors({ namespaceOf: zinetd.pid });
  return (service: string, order: { readonly from: string; readonly times?: number }) =>
    crowd.visit({ ...order, to: '127.0.0.1', port: zinetd.port(service) });
}

/** Each client who waits has a descriptor of the dispatcher. */
async function untilWaiting(zinetd: Zinetd, clients: number): Promise<void> {
  const pid = zinetd.dispatcherPid ?? 0;
  await until(() => (descriptorCountOf(pid) ?? 0) >= clients, { what: `${clients} clients wait` });
}

/** All that may wait for a name at once (src/resolver/client.ts). */
const MOST_WAITING = 256;

describeWith('rules by name', { needs: ['root', 'a network namespace'] }, () => {
  const ONLY = { only_from: ['good.example', '.trusted.example'] };
  const NOT = { no_access: ['good.example', '.trusted.example'] };

  test.each([
    ['10.0.0.1', 'a name of the list that leads back'],
    ['10.0.0.30', 'a name below a domain of the list'],
  ])('only_from serves %s, who has %s', async (from) => {
    const zinetd = await startNamed({ named: ONLY });
    expect(await visitors(zinetd)('named', { from })).toEqual([OK]);
  });

  test('only_from refuses whoever has no name of the list, and the record says why (S41, S42)', async () => {
    const zinetd = await startNamed({ named: ONLY });
    const visit = visitors(zinetd);
    const cases: readonly (readonly [from: string, reason: string, note: string | RegExp])[] = [
      ['10.0.0.2', 'address', 'no_name'], // NXDOMAIN
      ['10.0.0.5', 'address', 'no_name'], // an empty answer
      ['10.0.0.3', 'name_lookup', 'name_failed'], // SERVFAIL
      ['10.0.0.4', 'name_lookup', /^name_(failed|timeout)$/], // silence
      ['10.0.0.9', 'name_lookup', 'name_not_confirmed'], // the name of somebody else
      ['10.0.0.31', 'name_lookup', 'name_not_confirmed'], // the same below a domain
      ['10.0.0.12', 'address', 'not_in_only_from'], // a name that begins like one of the list
      ['10.0.0.32', 'address', 'not_in_only_from'], // the domain itself
    ];
    const got = await Promise.all(cases.map(([from]) => visit('named', { from })));
    expect(got.flat()).not.toContain(OK);
    for (const [from, reason, note] of cases) {
      const record = await zinetd.event(({ event, peer }) => event === 'refused' && peer?.address === from);
      expect(record, from).toMatchObject({ reason, check: { name: 'access', passed: false } });
      expect((record['check'] as { note: string }).note, from).toMatch(note);
    }
  });

  test('no_access refuses a name of the list, and whoever could have one that was not found (S41, S42)', async () => {
    const zinetd = await startNamed({ named: NOT });
    const visit = visitors(zinetd);
    const from = async (...last: readonly number[]) =>
      (await Promise.all(last.map((each) => visit('named', { from: `10.0.0.${each}` })))).flat();
    expect(await from(1, 30, 3, 4, 9)).not.toContain(OK);
    expect(await from(2, 12)).toEqual([OK, OK]);
  });

  test('an address that the lists decide about is not asked for its name (S95)', async () => {
    const zinetd = await startZinetd({
      config: { services: { named: { ...SERVICE, ...ONLY, no_access: ['10.0.0.3'], match: 'xinetd' } } },
      prefix: withNameServices(ANY_IP),
    });
    const { log } = await startNameServer(zinetd);
    await visitors(zinetd)('named', { from: '10.0.0.3' });
    expect(await zinetd.event('refused')).toMatchObject({ check: { rule: { text: '10.0.0.3' } } });
    expect(log).toEqual([]);
  });
});

describeWith('a name server that is silent', { needs: ['root', 'a network namespace'] }, () => {
  const SERVICES = { named: { only_from: ['good.example'], instances: 400 }, other: {} };
  const CROWD = { from: '10.99.0.1', times: 300 };

  test('keeps nobody from another service, and leaves no descriptor (S95)', { timeout: 40_000 }, async () => {
    const zinetd = await startNamed(SERVICES);
    const crowd = visitors(zinetd)('named', CROWD);
    await untilWaiting(zinetd, MOST_WAITING);
    const startMs = performance.now();
    expect(await visitors(zinetd)('other', { from: '10.0.0.1' })).toEqual([OK]);
    expect(performance.now() - startMs).toBeLessThan(1000);
    const got = await crowd;
    expect([got.length, got.includes(OK)]).toEqual([CROWD.times, false]);
    // All are refused: the descriptors are counted when the test is over.
    const busy = (record: LogRecord) =>
      (record['check'] as { readonly note?: string } | undefined)?.note === 'name_busy';
    expect(zinetd.log.count(busy)).toBeGreaterThan(0);
  });

  test('does not delay a stop, which turns everybody out at once, and tells of each (S95, B2)', async () => {
    const zinetd = await startNamed({ ...SERVICES, stays: { server: handler('sleeper') } });
    const crowd = visitors(zinetd)('named', CROWD);
    await untilWaiting(zinetd, MOST_WAITING);
    const holder = new Visitors({ namespaceOf: zinetd.pid });
    await holder.visit({ from: '10.0.0.1', to: '127.0.0.1', port: zinetd.port('stays'), hold: true });
    await zinetd.event('started');
    const startMs = performance.now();
    zinetd.signal('SIGTERM');
    // The daemon is there until its handler ends; those without one do not wait that long, nor for their names.
    expect(await crowd).not.toContain(OK);
    expect(performance.now() - startMs).toBeLessThan(2500);
    await holder.end();
    expect(await zinetd.ended).toBe(0);
    const told = (record: LogRecord) => record.event === 'refused' || record['reason'] === 'stopping';
    const more = (record: LogRecord) => record.event === 'refused-more';
    expect(zinetd.log.count(told)).toBeGreaterThanOrEqual(MOST_WAITING);
    expect(zinetd.log.count(more)).toBeLessThanOrEqual(1);
  });
});
