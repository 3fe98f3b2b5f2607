import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { openPlace } from '../harness/open-place.ts';
import { startIdentd } from '../harness/start-identd.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { Visitors } from '../harness/visitors.ts';
import { startNameServer, withNameServices } from '../resolver/name-services.ts';
import { percentile, record, rounded } from './record.ts';
import { scaled } from './scale.ts';

const OK = 'ok\n';
const base = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), user: 'nobody' };
const many = { instances: 500, per_source: 'UNLIMITED' };
const ANY_IP = ['ip route add local 10.0.0.0/8 dev lo'];
const CROWD = 200;
const ROUNDS = scaled({ short: 1, long: 10 });
const OTHERS = scaled({ short: 60, long: 600 });
/** Those of lying-dns.py that lie, fail, say nothing or too much; none of them may come in. */
const LIARS = { first: 2, count: 28 };
const MOST_P99_MS = 1000;
const IDENT_MS = 5000;

function tell(figure: string, value: number, bar: string): void {
  record({ fault: 'F15', figure, value, bar });
}

describeWith('a name server', { needs: ['root', 'a network namespace'] }, () => {
  test('that is silent, lies and is flooded with questions lets nobody in, and delays no other service (F15, S41 to S43, S95)', async () => {
    const services = {
      named: { ...base, ...many, only_from: ['good.example'] },
      other: { ...base, ...many },
    };
    const zinetd = await startZinetd({ config: { services }, prefix: withNameServices(ANY_IP) });
    await startNameServer(zinetd);
    const order = { to: '127.0.0.1', port: zinetd.port('named') };
    let isOver = false;
    const attack = async (from: string, times: number): Promise<readonly string[]> => {
      const visitors = new Visitors({ namespaceOf: zinetd.pid });
      const got: string[] = [];
      for (let round = 0; round < ROUNDS; round++)
        got.push(...(await visitors.visit({ ...order, from, times })));
      await visitors.end();
      return got;
    };
    const attacks = Promise.all([attack('10.99.0.1', CROWD), attack(`10.0.0.${LIARS.first}`, LIARS.count)]);
    void attacks.finally(() => {
      isOver = true;
    });
    const visitors = new Visitors({ namespaceOf: zinetd.pid });
    const durations: number[] = [];
    while (durations.length < OTHERS || !isOver) {
      const startMs = performance.now();
      expect(await visitors.visit({ from: '10.0.0.1', to: '127.0.0.1', port: zinetd.port('other') })).toEqual(
        [OK],
      );
      durations.push(performance.now() - startMs);
    }
    const [silent, liars] = await attacks;
    const letIn = [...silent, ...liars].filter((it) => it === OK).length;
    expect(await visitors.visit({ ...order, from: '10.0.0.1' })).toEqual([OK]);
    await visitors.end();
    tell('clients whose names are never told', silent.length, '');
    tell('clients whose names are lies', liars.length, '');
    tell('of them were let in', letIn, '0');
    tell('beside them: another service, p99, ms', rounded(percentile(durations, 99)), '');
    expect(letIn).toBe(0);
    expect(percentile(durations, 99)).toBeLessThan(MOST_P99_MS);
  }, 300_000);
});

describeWith('a server of ident', { needs: ['root', { program: 'unshare' }] }, () => {
  test('that is silent, lies or never ends delays neither its client nor others, and is done with in 5 s (F15, S92, S93, S94)', async () => {
    const place = await openPlace({ over: [] });
    await startIdentd(place);
    const userid = { log_on_success: ['pid', 'host', 'userid', 'exit'] };
    const asked = { ...base, ...many, ...userid, listen: 'tcp://127.0.0.5:7000' };
    const zinetd = await startZinetd({ config: { services: { asked } }, prefix: place.enter });
    const visitors = new Visitors({ namespaceOf: zinetd.pid });
    const startMs = performance.now();
    const got = await visitors.visit({ from: '127.0.2.2', to: '127.0.0.5', port: 7000, times: 9 });
    const servedMs = performance.now() - startMs;
    expect(got).toEqual(Array.from({ length: 9 }, () => OK));
    const isAnswer = ({ event }: { readonly event: string }): boolean =>
      event === 'unidentified' || event === 'identified';
    for (let count = 0; count < got.length; count++) await zinetd.event(isAnswer);
    const doneMs = performance.now() - startMs;
    await visitors.end();
    tell(
      'ident that is silent or lies: nine clients are served in, ms',
      Math.round(servedMs),
      'less than 5,000: nobody waits',
    );
    tell('ident that is silent or lies: done with in, ms', Math.round(doneMs), 'at most 5,000');
    expect(servedMs).toBeLessThan(IDENT_MS / 2);
    expect(doneMs).toBeLessThan(2 * IDENT_MS);
  }, 60_000);
});
