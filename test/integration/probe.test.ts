import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith, type Need } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot, unprivilegedUser } from '../harness/identity.ts';
import type { Surroundings } from '../harness/launch-line.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import { until } from '../harness/until.ts';
import { freePort } from './free-port.ts';
import { hostileStart } from './hostile-start.ts';
import { isListeningOn } from './listening-on.ts';
import { maskProbe, type ProbeReport } from './probe-report.ts';

interface Case {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Need[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly rlimits?: Readonly<Record<string, unknown>>;
  readonly surroundings?: Surroundings;
  readonly env?: Readonly<Record<string, string>>;
}

/** One for each resource, none of which needs CAP_SYS_RESOURCE, that a container seldom has. */
const RLIMITS = {
  cpu: 60,
  fsize: '1m',
  data: '1g',
  stack: { soft: '4m', hard: '5m' },
  core: '1k',
  rss: '1g',
  nproc: 500,
  nofile: { soft: 100, hard: 200 },
  memlock: '64k',
  as: '2g',
  locks: 7,
  sigpending: 70,
  msgqueue: 8192,
  nice: 0,
  rtprio: 0,
  rttime: '1s',
};

const CASES: readonly Case[] = [
  { name: 'plain', title: 'with nothing configured', needs: ['root'], attributes: { user: 'nobody' } },
  {
    name: 'configured',
    title: 'with everything configured',
    needs: ['root'],
    attributes: {
      user: 'nobody',
      group: 1,
      groups: [3, 2],
      umask: '027',
      nice: 5,
      cwd: '/tmp',
      argv0: 'another name',
      server_args: ['-a', '', 'two words', '$HOME `id` %n'],
      env: { PATH: '/nowhere', EMPTY: '', TEXT: 'a=b "c"' },
      pass_env: ['KEPT', 'UNSET', 'TEXT'],
    },
    rlimits: RLIMITS,
    env: { KEPT: 'kept', OTHER: 'other' },
  },
  { name: 'root', title: 'of user root', needs: ['root'], attributes: { user: 'root' } },
  {
    name: 'caller',
    title: 'of a zinetd without root',
    needs: ['an unprivileged user'],
    attributes: {},
    surroundings: isRoot ? { as: unprivilegedUser() } : {},
  },
];

const ALL_CLOSED: readonly (readonly (0 | 1 | 2)[])[] = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

function expectGolden(name: string, text: string): void {
  const path = join('test/golden/probe', `${name}.json`);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync('test/golden/probe', { recursive: true });
    writeFileSync(path, text);
  }
  if (!existsSync(path)) throw new Error(`Cannot compare with "${path}": it is missing (UPDATE_GOLDEN=1)`);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

/** Without standard output there is no log that would tell the port. */
async function startProbe(
  it: Case,
  options: Partial<StartOptions>,
): Promise<{ readonly zinetd: Zinetd; readonly port: number }> {
  const isBlind = options.closed?.includes(1) ?? false;
  const fixed = isBlind ? await freePort() : 0;
  const service = {
    ...it.attributes,
    ...(it.rlimits ? { rlimits: it.rlimits } : {}),
    listen: `tcp://127.0.0.1:${fixed}`,
    server: handler('probe'),
  };
  const env = { ...options.env, ...it.env };
  const config = { services: { probe: service } };
  const zinetd = await startZinetd({ ...it.surroundings, ...options, env, config });
  if (isBlind) await until(() => isListeningOn(fixed), { what: `zinetd listens on ${fixed}` });
  return { zinetd, port: fixed || zinetd.port('probe') };
}

async function checkGolden(it: Case, options: Partial<StartOptions>): Promise<Zinetd> {
  const { zinetd, port } = await startProbe(it, options);
  const report = JSON.parse(await ask(port)) as ProbeReport;
  const masked = maskProbe(report, { spawnerPid: zinetd.pid, rlimits: Object.keys(it.rlimits ?? {}) });
  expectGolden(it.name, masked);
  return zinetd;
}

for (const it of CASES) {
  describeWith(`a handler ${it.title}`, { needs: it.needs }, () => {
    test('has exactly the identity, signals, limits, environment and descriptors of the golden file (B9, S11, S15, S20, S21, S23, S26, S27, S28, S29)', async () => {
      await checkGolden(it, {});
    });

    test('has the same if zinetd was started with ignored and blocked signals, umask 0, groups, descriptors and traps in its environment (B9, S11, S15, S20, S21, S23, S26, S27, S28, S29, S132)', async () => {
      const hostile = hostileStart();
      const zinetd = await checkGolden(it, hostile.options);
      expect(hostile.infected(), 'only the command itself took NODE_OPTIONS').toEqual([zinetd.pid]);
    });

    test.each(ALL_CLOSED.map((closed) => ({ closed })))(
      'has the same if descriptors $closed were closed at the start (S14)',
      async ({ closed }) => {
        await checkGolden(it, { ...hostileStart().options, closed });
      },
    );
  });
}

describeWith('a handler with "groups: true"', { needs: ['root'] }, () => {
  /** Somebody with supplementary groups, if this machine has one. */
  function userWithGroups(): string {
    const lines = readFileSync('/etc/group', 'utf8').split('\n');
    const members = lines.flatMap((line) => line.split(':')[3]?.split(',') ?? []).filter(Boolean);
    return members.find((name) => name !== 'root') ?? 'nobody';
  }

  test('has the groups that id(1) tells, whatever groups zinetd has (S21)', async () => {
    const user = userWithGroups();
    const attributes = { user, groups: true, server: handler('probe'), listen: 'tcp://127.0.0.1:0' };
    const zinetd = await startZinetd({
      ...hostileStart().options,
      config: { services: { probe: attributes } },
    });
    const { groups } = JSON.parse(await ask(zinetd.port('probe'))) as ProbeReport;
    const wanted = execFileSync('id', ['-G', user], { encoding: 'utf8' }).trim().split(' ').map(Number);
    expect([...groups].sort()).toEqual(wanted.sort());
  });
});
