import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { openPlace, type Place } from '../harness/open-place.ts';
import { runProgram } from '../harness/run-program.ts';
import { type Identd, startIdentd } from '../harness/start-identd.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';

const OK = 'ok';
const USERID = {
  log_on_success: ['pid', 'host', 'userid', 'exit'],
  log_on_failure: ['host', 'userid', 'why'],
};
/** All of it: connecting, the question and the answer (S93). */
const DEADLINE_MS = 5000;
/** What a busy machine may add. */
const SLACK_MS = 4000;

interface Scene {
  readonly place: Place;
  readonly identd: Identd;
  readonly zinetd: Zinetd;
}

async function start(settings: object, listen = 'tcp://127.0.0.5:7000'): Promise<Scene> {
  const place = await openPlace({ over: [] });
  const identd = await startIdentd(place);
  const service = { listen, server: handler('raw'), user: 'nobody', ...USERID, ...settings };
  const zinetd = await startZinetd({ config: { services: { it: service } }, prefix: place.enter });
  return { place, identd, zinetd };
}

/** What a client from there is sent, and when. */
async function visit(
  { place }: Scene,
  from: string,
): Promise<{ readonly ms: number; readonly text: string }> {
  const script = resolve('test/fixtures/ident/visit.py');
  const said = await runProgram([...place.enter, 'python3', script, from, '127.0.0.5', '7000']);
  const [, ms = '', text = ''] = /^(\d+) ?(.*)/.exec(said.stdout) ?? [];
  return { ms: Number(ms), text };
}

describeWith('userid', { needs: ['root', { program: 'unshare' }] }, () => {
  test('is asked for from the address that the client came to (S94), and recorded', async () => {
    const scene = await start({});
    expect(await visit(scene, '127.0.2.1')).toMatchObject({ text: OK });
    expect(await scene.zinetd.event('identified')).toMatchObject({
      ...{ service: 'it', peer: { address: '127.0.2.1' }, system: 'UNIX', user: 'joe' },
    });
    const { port } = (await scene.zinetd.event('started')).peer ?? {};
    await until(() => scene.identd.asked.length > 0, { what: 'the server has said what it was asked' });
    expect(scene.identd.asked).toEqual([`127.0.0.5 ${port},7000`]);
  });

  test.each([
    ['silence', 2, 'timeout'],
    ['a byte a second', 3, 'timeout'],
    ['a line that never ends', 4, 'error while receiving response'],
    ['a line without an end', 5, 'error while receiving response'],
    ['an answer about other ports', 7, 'bad response'],
    ['an error', 8, 'bad response'],
    ['a reset', 9, 'error while receiving response'],
    ['a name that is too long', 10, 'error while receiving response'],
  ])('%s is no answer, is told within 5 s, and delays nobody (S92, S93)', async (_, last, reason) => {
    const scene = await start({});
    const before = performance.now();
    expect(await visit(scene, `127.0.2.${last}`)).toMatchObject({ text: OK });
    await scene.zinetd.event('exited');
    expect(performance.now() - before).toBeLessThan(DEADLINE_MS);
    expect(await scene.zinetd.event('unidentified')).toMatchObject({ service: 'it', reason });
    expect(performance.now() - before).toBeLessThan(DEADLINE_MS + SLACK_MS);
  });

  test('of somebody without a server is unknown', async () => {
    const place = await openPlace({ over: [] });
    const service = { listen: 'tcp://127.0.0.5:7000', server: handler('raw'), user: 'nobody', ...USERID };
    const zinetd = await startZinetd({ config: { services: { it: service } }, prefix: place.enter });
    expect(await visit({ place, zinetd, identd: { asked: [] } }, '127.0.2.1')).toMatchObject({ text: OK });
    expect(await zinetd.event('unidentified')).toMatchObject({ reason: 'no server' });
  });

  test('is escaped in the log, whatever it is made of (S116)', async () => {
    const scene = await start({});
    await visit(scene, '127.0.2.6');
    expect(await scene.zinetd.event('identified')).toMatchObject({ user: 'j\0o\x1b[2Je\nFAIL: x' });
    expect(scene.zinetd.log.strays).toEqual([]);
  });

  test('of one who is refused is asked for as well', async () => {
    const scene = await start({ no_access: ['127.0.2.0/24'] });
    expect(await visit(scene, '127.0.2.1')).toMatchObject({ text: '' });
    expect(await scene.zinetd.event('refused')).toMatchObject({ reason: 'address' });
    expect(await scene.zinetd.event('identified')).toMatchObject({ user: 'joe' });
  });

  test('while hosts of others say nothing, the next one is served at once (S95)', async () => {
    const scene = await start({ instances: 200, per_source: 'UNLIMITED', rate_per_source: 'UNLIMITED' });
    await Promise.all(Array.from({ length: 20 }, () => visit(scene, '127.0.2.2')));
    const { ms, text } = await visit(scene, '127.0.2.1');
    expect(text).toBe(OK);
    expect(ms).toBeLessThan(DEADLINE_MS);
  });
});

describeWith('id_only', { needs: ['root', { program: 'unshare' }] }, () => {
  test('serves those of whom their host says who they are', async () => {
    const scene = await start({ id_only: true });
    expect(await visit(scene, '127.0.2.1')).toMatchObject({ text: OK });
    expect(await scene.zinetd.event('identified')).toMatchObject({ user: 'joe' });
    expect(scene.identd.asked).toHaveLength(1);
  });

  test.each([
    ['nobody', 8, 'bad response'],
    ['nothing', 2, 'timeout'],
  ])('turns away one of whom it says %s, after 5 s at the latest', async (_, last, note) => {
    const scene = await start({ id_only: true });
    const { ms, text } = await visit(scene, `127.0.2.${last}`);
    expect(text).toBe('');
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
    expect(await scene.zinetd.event('refused')).toMatchObject({
      ...{ reason: 'unidentified', check: { name: 'id_only', note } },
    });
    expect(await scene.zinetd.event('unidentified')).toMatchObject({ reason: note });
  });
});
