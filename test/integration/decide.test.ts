import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { Visitors } from '../harness/visitors.ts';
import { type Decider, startDecider } from '../resolver/start-decider.ts';

const OK = 'ok\n';
const user = isRoot ? { user: 'nobody' } : {};

interface Deciding {
  readonly zinetd: Zinetd;
  readonly decider: Decider;
  readonly visit: (
    service: string,
    order?: { readonly from?: string; readonly times?: number },
  ) => Promise<readonly string[]>;
}

/** A daemon with a service for each name, about which test/resolver/fixtures/decider.py decides by that name. */
async function startDeciding(services: Readonly<Record<string, object>>): Promise<Deciding> {
  const decider = await startDecider();
  const deciding = Object.entries(services).map(([name, decide]) => {
    const service = { listen: 'tcp://127.0.0.1:0', server: handler('raw'), ...user };
    return [name, { ...service, decide: { socket: decider.path, ...decide } }];
  });
  const zinetd = await startZinetd({ config: { services: Object.fromEntries(deciding) } });
  const visit: Deciding['visit'] = (service, order = {}) =>
    new Visitors().visit({ from: '127.1.0.1', ...order, to: '127.0.0.1', port: zinetd.port(service) });
  return { zinetd, decider, visit };
}

describe('a program that decides', () => {
  test('lets in and turns away, and its reason is in the record', async () => {
    const { zinetd, decider, visit } = await startDeciding({ yes: {}, why: { on_failure: 'allow' } });
    expect(await visit('yes')).toEqual([OK]);
    expect(await visit('why')).not.toEqual([OK]);
    expect(await zinetd.event('refused')).toMatchObject({
      ...{ service: 'why', reason: 'decision' },
      check: { name: 'decide', note: 'too late today', detail: 'refused: too late today' },
    });
    expect(decider.asked.map((line) => JSON.parse(line))).toMatchObject([
      { service: 'yes', address: '127.1.0.1', local: `127.0.0.1:${zinetd.port('yes')}` },
      { service: 'why', address: '127.1.0.1' },
    ]);
  });

  test('that answers nonsense has not decided: refused, unless the configuration says allow', async () => {
    const names = ['number', 'array', 'null', 'text', 'empty', 'cut', 'bytes', 'nothing', 'endless'];
    const refusing = await startDeciding(Object.fromEntries(names.map((name) => [name, {}])));
    for (const name of names) {
      expect(await refusing.visit(name), name).not.toEqual([OK]);
      const note = expect.stringMatching(/^(invalid|failed)$/);
      expect(await refusing.zinetd.event('refused')).toMatchObject({ service: name, check: { note } });
    }
    const allowing = await startDeciding({
      number: { on_failure: 'allow' },
      nothing: { on_failure: 'allow' },
    });
    expect(await allowing.visit('number')).toEqual([OK]);
    expect(await allowing.visit('nothing')).toEqual([OK]);
  });

  test('that is silent has until the deadline', async () => {
    const { zinetd, visit } = await startDeciding({ silent: { deadline: '300ms' } });
    const startMs = performance.now();
    expect(await visit('silent')).not.toEqual([OK]);
    expect(await zinetd.event('refused')).toMatchObject({ reason: 'decision', check: { note: 'timeout' } });
    expect(performance.now() - startMs).toBeGreaterThan(250);
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  test.each([
    ['refuse', false],
    ['allow', true],
  ] as const)(
    'that is not there: on_failure "%s", so that the client is served: %s',
    async (on_failure, isServed) => {
      const socket = join(scratch('nobody'), 'socket');
      const { visit } = await startDeciding({ yes: { socket, on_failure } });
      expect((await visit('yes'))[0] === OK).toBe(isServed);
    },
  );

  test('is asked once for the connections of one address while its answer is kept', async () => {
    const { decider, visit } = await startDeciding({ yes: { cache: '1h' }, why: { cache: '0s' } });
    for (let time = 0; time < 4; time++) {
      expect(await visit('yes')).toEqual([OK]);
      expect(await visit('why')).not.toEqual([OK]);
    }
    const asked = (service: string) =>
      decider.asked.filter((line) => JSON.parse(line).service === service).length;
    expect([asked('yes'), asked('why')]).toEqual([1, 4]);
    expect(await visit('yes', { from: '127.1.0.2' })).toEqual([OK]);
    expect(asked('yes')).toBe(2);
  });

  test('that keeps the clients of one source waiting keeps no other source waiting (promise 5)', async () => {
    const { zinetd, decider, visit } = await startDeciding({ silent: { deadline: '3s' }, yes: {} });
    const order = { from: '127.1.0.1', to: '127.0.0.1', port: zinetd.port('silent') };
    const crowd = Promise.all(Array.from({ length: 40 }, () => new Visitors().visit(order)));
    // One source may wait for eight answers: all others are refused at once.
    await zinetd.event(({ check }) => (check as { note?: string } | undefined)?.note === 'busy');
    const startMs = performance.now();
    expect(await visit('yes', { from: '127.2.0.1' })).toEqual([OK]);
    expect(performance.now() - startMs).toBeLessThan(1000);
    const other = visit('silent', { from: '127.2.0.1' });
    const isAsked = () => decider.asked.some((line) => /"silent".*"127\.2\.0\.1"/.test(line));
    await until(isAsked, { what: 'the decider is asked about the other source' });
    expect([...(await crowd).flat(), ...(await other)]).not.toContain(OK);
  });
});
