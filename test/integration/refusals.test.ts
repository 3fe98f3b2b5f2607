import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { REFUSAL_REASONS } from '../../src/model/refusal-reason.ts';
import { connect } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { startFileLogged } from '../harness/file-log.ts';
import { checkBars, takeBaseline } from '../harness/global-bars.ts';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { limitDescriptors } from '../harness/limit-descriptors.ts';
import { loadgen } from '../harness/loadgen.ts';
import { statusOf, steadyDescriptorCountOf } from '../harness/processes.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { MOST_PROCESSES, type RefusalScene, refusalScenes, sceneServices } from './refusal-scenes.ts';

const user = isRoot ? { user: 'nobody' } : {};
const IN_FLIGHT = 16;
const AFTER_SECONDS = 0.01;

describe('refused connections', () => {
  /** The whole of S1 takes a minute or more: ZINETD_TEST_REFUSALS=1000000. */
  const ALL = Number(process.env['ZINETD_TEST_REFUSALS'] ?? 200_000);
  const WARM = ALL / 5;
  const MOST_GROWTH_KIB = 8192;

  function rssKib(zinetd: Zinetd) {
    const of = (pid = 0) => Number.parseInt(statusOf(pid, 'VmRSS') ?? '', 10);
    return { spawner: of(zinetd.pid), dispatcher: of(zinetd.dispatcherPid) };
  }

  test(`leave nothing behind: memory and descriptors after ${ALL} of them (S1, B1)`, async () => {
    const raw = {
      listen: 'tcp://127.0.0.1:0',
      server: handler('raw'),
      no_access: ['127.77.0.0/16'],
      ...user,
    };
    const { zinetd, port } = await startFileLogged({ config: { services: { raw } } });
    const baseline = await takeBaseline(zinetd);
    const refuse = async (atLeast: number) => {
      const load = { inFlight: IN_FLIGHT, seconds: AFTER_SECONDS, atLeast, expectRefusal: true };
      const { total, errors } = await loadgen(port('raw'), load);
      expect(errors).toMatchObject({ served: 0, refused: 0, timeout: 0, other: 0 });
      expect(total).toBeGreaterThanOrEqual(atLeast);
    };
    await refuse(WARM);
    const before = rssKib(zinetd);
    await refuse(ALL - WARM);
    const after = rssKib(zinetd);
    console.info(`${ALL} refusals, KiB`, { before, after });
    await checkBars(zinetd, { baseline, lossy: true });
    expect(after.spawner - before.spawner).toBeLessThan(MOST_GROWTH_KIB / 16);
    expect(after.dispatcher - before.dispatcher).toBeLessThan(MOST_GROWTH_KIB);
  }, 300_000);
});

describeWith('5,000 refusals', { needs: ['root'] }, () => {
  const COUNT = 5000;
  const LIMIT = 128;
  const NAME_SERVER = '127.81.53.53';
  /** Those that a limit on time lets through meanwhile. */
  const FEW = 30;

  /** A name server that answers each question with SERVFAIL. */
  async function startSick(address: string): Promise<void> {
    const server = createSocket('udp4', (question, { address: from, port }) => {
      const header = Buffer.concat([question.subarray(0, 2), Buffer.from([0x81, 0x82])]);
      server.send(Buffer.concat([header, question.subarray(4)]), port, from);
    });
    await new Promise<void>((done) => server.bind(53, address, done));
    onTestFinished(() => void server.close());
  }

  /** A machine whose name server is sick. */
  async function withSickNames(): Promise<readonly string[]> {
    const directory = scratch('sick-names');
    await startSick(NAME_SERVER);
    writeFileSync(join(directory, 'resolv.conf'), `nameserver ${NAME_SERVER}\n`);
    writeFileSync(join(directory, 'nsswitch.conf'), 'hosts: dns\npasswd: files\ngroup: files\n');
    const mounts = ['resolv.conf', 'nsswitch.conf'].map(
      (name) => `mount --bind ${join(directory, name)} /etc/${name}`,
    );
    return ['unshare', '--mount', 'sh', '-c', [...mounts, 'exec "$@"'].join(' && '), 'sh'];
  }

  async function untilServed(zinetd: Zinetd, service: string): Promise<void> {
    const client = await connect(zinetd.port(service), { from: '127.83.0.1' });
    await client.readUntil('\n');
    client.halfClose();
    expect(await client.ended()).toBe('end');
  }

  const held = (zinetd: Zinetd) => [zinetd.pid, zinetd.dispatcherPid ?? 0].map(steadyDescriptorCountOf);

  async function play(zinetd: Zinetd, { reason, scene }: { reason: string; scene: RefusalScene }) {
    const before = held(zinetd);
    const leave = await scene.prepare?.(zinetd);
    const { total, errors } = await loadgen(zinetd.port(reason), {
      ...{ inFlight: IN_FLIGHT, seconds: AFTER_SECONDS, atLeast: COUNT, expectRefusal: true },
      sources: { first: scene.from, count: 1 },
    });
    expect(errors, reason).toMatchObject({ served: 0, refused: 0, timeout: 0, other: 0 });
    expect(total, reason).toBeGreaterThanOrEqual(COUNT - FEW);
    const told = zinetd.log.all.filter(({ event, service }) => event === 'refused' && service === reason);
    expect(new Set(told.map((record) => record.reason)), JSON.stringify(told[0])).toEqual(new Set([reason]));
    await leave?.();
    const isOver = () => zinetd.log.count('started') === zinetd.log.count('exited');
    await until(isOver, { what: 'all exits are told' });
    const isBack = () => JSON.stringify(held(zinetd)) === JSON.stringify(before);
    await until(isBack, { what: `no descriptor is left of ${reason}: ${held(zinetd)}, before ${before}` });
    if (scene.isOpenToOthers) await untilServed(zinetd, reason);
    await untilServed(zinetd, 'plain');
  }

  test('for each reason there is, with 128 descriptors, leave none, and the service goes on (S2)', async () => {
    const control = join(scratch('control'), 'control');
    const scenes = await refusalScenes(control);
    const reasons = REFUSAL_REASONS.filter((reason) => reason !== 'certificate');
    expect(Object.keys(scenes).toSorted()).toEqual(reasons.toSorted());
    const services = sceneServices(scenes, user);
    const zinetd = await startZinetd({
      config: { services, max_processes: MOST_PROCESSES },
      prefix: await withSickNames(),
      args: ['--control', control],
    });
    // Once it runs: Node has more open than this while it loads.
    for (const pid of [zinetd.pid, zinetd.dispatcherPid ?? 0]) limitDescriptors(pid, LIMIT);
    for (const reason of reasons) await play(zinetd, { reason, scene: scenes[reason] });
  }, 120_000);
});
