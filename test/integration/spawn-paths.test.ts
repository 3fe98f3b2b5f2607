import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { probeBy, SPAWN_PATHS } from '../harness/probe-everywhere.ts';

/** One of everything that a service can say about its handlers, none of it what zinetd itself has. */
const ATTRIBUTES = {
  user: 'nobody',
  group: 1,
  groups: [3, 2],
  umask: '027',
  nice: 5,
  cwd: '/tmp',
  argv0: 'another name',
  env: { PATH: '/nowhere', TEXT: 'a=b "c"' },
  pass_env: ['KEPT'],
  rlimits: { core: '1k', nofile: { soft: 100, hard: 200 }, stack: { soft: '4m', hard: '5m' } },
};
const NOBODY = 65534;
const NONE = '0000000000000000';

describeWith(
  'a handler, in whatever way it comes to be started (B9, S11, S20, S23, S27)',
  { needs: ['root'] },
  () => {
    test.each(Object.keys(SPAWN_PATHS))('has what its service says: %s', async (name) => {
      const { report, environment, zinetd } = await probeBy(name, ATTRIBUTES, {
        env: { KEPT: 'kept', OTHER: 'other' },
      });
      expect(report).toMatchObject({
        uids: [NOBODY, NOBODY, NOBODY, NOBODY],
        gids: [1, 1, 1, 1],
        umask: 0o027,
        nice: 5,
        cwd: '/tmp',
        ppid: zinetd.pid,
        dispositions: {},
        setuid0: 1,
        setgid0: 1,
        setgroups0: 1,
      });
      expect([...report.groups].sort()).toEqual([2, 3]);
      expect(report.argv[0]).toBe('another name');
      expect(environment).toEqual({ PATH: '/nowhere', TEXT: 'a=b "c"', KEPT: 'kept' });
      expect(report.rlimits).toMatchObject({
        core: [1024, 1024],
        nofile: [100, 200],
        stack: [4 << 20, 5 << 20],
      });
      expect(report.status).toMatchObject({ CapInh: NONE, CapPrm: NONE, CapEff: NONE, CapAmb: NONE });
      expect(report.status).toMatchObject({ SigBlk: NONE, SigIgn: NONE, SigCgt: NONE });
      expect([report.sid, report.pgid]).toEqual([report.pid, report.pid]);
      const [first] = report.fds;
      expect(report.fds.map(({ fd, target }) => [fd, target])).toEqual(
        [0, 1, 2].map((fd) => [fd, first?.target]),
      );
    });
  },
);
