import { describe, expect, test } from 'vitest';
import type { CgroupLack, CgroupPlace, HostCgroups } from '../../src/config/host-cgroups.ts';
import { CGROUP_CONTROLLERS, type CgroupStep } from '../../src/model/cgroup.ts';
import { fakeHost } from './fake-host.ts';
import { codes, loadText, oneService } from './load-text.ts';

type Attributes = Readonly<Record<string, unknown>>;

const ALL = new Set(CGROUP_CONTROLLERS);
const NONE: ReadonlySet<never> = new Set<never>();

const PLACE: CgroupPlace = {
  ...{ root: '/sys/fs/cgroup/z', base: 'zinetd-7', lack: undefined, controllers: ALL },
  ...{ given: NONE, active: NONE, present: [], isMade: false, isLate: false },
};

const LIMITED = { memory_max: '64m', tasks_max: 20, cpu_max: '25%', kill_mode: 'control-group' };

function tree(changes: Partial<CgroupPlace> = {}): HostCgroups {
  return { isThere: true, canKill: true, offered: ALL, place: { ...PLACE, ...changes } };
}

function load(attributes: Attributes, cgroups: HostCgroups | undefined) {
  return loadText(oneService(attributes), fakeHost({ cgroups }));
}

function show(step: CgroupStep): string {
  return step.step === 'write' ? `${step.path} = ${step.text}` : `${step.step} ${step.path}`;
}

function planOf(attributes: Attributes, cgroups: HostCgroups) {
  const { config } = load(attributes, cgroups);
  return { steps: config?.cgroups?.steps.map(show), end: config?.cgroups?.end.map(show) };
}

describe('limits of cgroups', () => {
  test('are texts for the kernel, in a tree that is made first and taken down last', () => {
    const { config } = load(LIMITED, tree());
    expect(config?.services[0]?.cgroup).toEqual({
      path: 'zinetd-7/service-s',
      limits: { memory: '67108864', pids: '20', cpu: '25000 100000' },
      isEnding: true,
    });
    expect(config?.cgroups?.root).toBe('/sys/fs/cgroup/z');
    expect(planOf(LIMITED, tree())).toEqual({
      steps: [
        ...['make zinetd-7', 'make zinetd-7/self', 'zinetd-7/self/cgroup.procs = 0'],
        'cgroup.subtree_control = +cpu +memory +pids',
        'zinetd-7/cgroup.subtree_control = +cpu +memory +pids',
        'make zinetd-7/service-s',
        ...['cpu.max = 25000 100000', 'memory.max = 67108864', 'pids.max = 20'].map(
          (line) => `zinetd-7/service-s/${line}`,
        ),
      ],
      end: [
        'remove zinetd-7/service-s',
        'zinetd-7/cgroup.subtree_control = -cpu -memory -pids',
        'cgroup.subtree_control = -cpu -memory -pids',
        ...['cgroup.procs = 0', 'remove zinetd-7/self', 'remove zinetd-7'],
      ],
    });
  });

  test('that nobody wants switch nothing on, and what others switched on stays so', () => {
    expect(planOf({ kill_mode: 'control-group' }, tree()).steps).toEqual([
      ...['make zinetd-7', 'make zinetd-7/self', 'zinetd-7/self/cgroup.procs = 0', 'make zinetd-7/service-s'],
    ]);
    const { end } = planOf(LIMITED, tree({ given: new Set(['cpu', 'pids']) }));
    expect(end).toContain('cgroup.subtree_control = -memory');
  });

  test('that were there before are taken back, and so are the cgroups of services that are gone', () => {
    const before = { isMade: true, active: new Set(['memory'] as const), present: ['zinetd-7/service-old'] };
    const { steps = [], end = [] } = planOf({ tasks_max: 5 }, tree(before));
    expect(steps[0]).toBe('remove zinetd-7/service-old');
    expect(steps).toContain('zinetd-7/service-s/memory.max = max');
    expect(end.slice(0, 2)).toEqual(['remove zinetd-7/service-s', 'remove zinetd-7/service-old']);
    expect(planOf({}, tree(before)).end).toContain('remove zinetd-7');
  });

  test.each([{}, { memory_max: 'max', tasks_max: 'max', cpu_max: 'max', kill_mode: 'process' }])(
    'are none where none is written: %j',
    (attributes) => {
      const { config } = load({ ...attributes, required: true }, { ...tree(), offered: NONE });
      expect([config?.services[0]?.cgroup, config?.cgroups]).toEqual([undefined, undefined]);
    },
  );

  test.each([
    [{ memory_max: 0 }, 'must be a number of bytes above 0'],
    [{ memory_max: '0k' }, 'must be a number of bytes above 0'],
    [{ memory_max: '1x' }, 'must be a number of bytes above 0'],
    [{ tasks_max: 0 }, 'must be a number above 0'],
    [{ tasks_max: 1.5 }, 'must be a number above 0'],
    [{ cpu_max: '0%' }, 'must be a percentage of one CPU'],
    [{ cpu_max: '50' }, 'must be a percentage of one CPU'],
    [{ cpu_max: '50000 100000' }, 'must be a percentage of one CPU'],
    [{ kill_mode: 'mixed' }, 'must be process or control-group'],
  ])('are refused where they are none: %j', (attributes, reason) => {
    const { diagnostics, config } = load(attributes, tree());
    expect(config).toBeUndefined();
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining(reason)]);
  });

  test('say nothing of a service that starts nothing', () => {
    const sensor = { sensor: true, server: undefined, user: undefined, tasks_max: 5 };
    const { diagnostics, config } = load(sensor, { ...tree(), offered: NONE });
    expect(diagnostics.map(({ code }) => code)).toEqual(['config/no-effect']);
    expect(config?.services[0]?.cgroup).toBeUndefined();
  });

  test('are in a directory of the name', () => {
    const cgroups = tree();
    const of = (name: string) => {
      const service = { listen: 'tcp://127.0.0.1:0', server: '/bin/true', user: 'nobody', tasks_max: 1 };
      const text = JSON.stringify({ version: 1, services: { [name]: service } });
      return loadText(text, fakeHost({ cgroups })).config?.services[0]?.cgroup?.path ?? '';
    };
    const longest = 'a'.repeat(64);
    expect(of(longest)).toBe(`zinetd-7/service-${longest}`);
    expect(of('rpc.x+y_z-1')).toBe('zinetd-7/service-rpc.x+y_z-1');
  });
});

describe('what cgroups lack', () => {
  const places: readonly (readonly [CgroupLack, string])[] = [
    ['hidden', 'the cgroup of zinetd is out of sight'],
    ['read-only', 'zinetd cannot write to its cgroup, "/sys/fs/cgroup/z"'],
    ['not-delegated', 'the cgroup of zinetd, "/sys/fs/cgroup/z", is systemd\'s'],
    ['shared', 'the cgroup of zinetd, "/sys/fs/cgroup/z", has other processes in it'],
  ];

  test.each(places)('is told with what to do, and the service goes on: %s', (lack, reason) => {
    const { config, diagnostics } = load({ kill_mode: 'control-group' }, tree({ lack }));
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'config/kernel-lacks',
        `Cannot keep to "kill_mode" in service "s": ${reason}, and the handler runs without`,
      ],
    ]);
    expect(diagnostics[0]?.help).toMatch(
      /^write "Delegate=yes" in the unit, and .*; or .*--cgroupns=private/,
    );
    expect([config?.services[0]?.cgroup, config?.cgroups]).toEqual([undefined, undefined]);
  });

  test.each(places)('is an error where it is required: %s', (lack) => {
    const refused = load({ kill_mode: 'control-group', required: true }, tree({ lack }));
    expect([codes(refused), refused.config]).toEqual([['config/kernel-too-poor'], undefined]);
    expect(codes(load({ ...LIMITED, required: true }, tree()))).toEqual([]);
  });

  test.each([
    ['the machine', { ...tree(), offered: NONE }, /have no controller "pids" here.*cgroup_no_v1=pids/],
    ['zinetd', tree({ controllers: NONE }), /the cgroup of zinetd.*has no controller "pids".*Delegate=yes/],
    ['a zinetd that is in the way', tree({ isLate: true }), /restart zinetd/],
    [
      'a machine without any',
      { isThere: false, canKill: false, offered: NONE, place: undefined },
      /there are no cgroups of version 2.*mount -t cgroup2/,
    ],
  ] as const)('can be a controller alone: of %s', (_, cgroups, says) => {
    const { config, diagnostics } = load({ tasks_max: 3, kill_mode: 'control-group' }, cgroups);
    expect(diagnostics[0]).toMatchObject({ code: 'config/kernel-lacks', severity: 'warning' });
    expect(`${diagnostics[0]?.message} ${diagnostics[0]?.help}`).toMatch(says);
    const cgroup = config?.services[0]?.cgroup;
    expect(cgroup?.limits).toEqual(cgroups.isThere ? {} : undefined);
    expect(diagnostics).toHaveLength(cgroups.isThere ? 1 : 2);
  });

  test('can be the end of what is left behind, on a kernel before 5.14', () => {
    const { config, diagnostics } = load(LIMITED, { ...tree(), canKill: false });
    expect(diagnostics.map(({ message, help }) => `${message}; ${help}`)).toEqual([
      expect.stringMatching(/"kill_mode".*this kernel cannot end what is in a cgroup.*Linux 5\.14/),
    ]);
    expect(config?.services[0]?.cgroup?.isEnding).toBe(false);
  });

  test('is not held against a command that does not know where the daemon will be', () => {
    const elsewhere = { ...tree(), place: undefined };
    expect(codes(load({ ...LIMITED, required: true }, elsewhere))).toEqual([]);
    expect(codes(load({ ...LIMITED, required: true }, undefined))).toEqual([]);
    expect(codes(load(LIMITED, { ...elsewhere, offered: new Set(['cpu', 'memory'] as const) }))).toEqual([
      'config/kernel-lacks',
    ]);
  });
});
