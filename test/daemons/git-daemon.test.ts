import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { expectServed } from './expect-served.ts';
import { ROLES } from './roles.ts';

/** Nothing of the machine's or the user's git configuration. */
const GIT_ENV = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@localhost',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@localhost',
  GIT_TERMINAL_PROMPT: '0',
};

/** The daemon refuses a repository that is somebody else's, unless its environment says that this is meant. */
const TRUST_ANY_OWNER = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
};

/** Does not compress, so that the pack is as large. */
const CONTENT = randomBytes(300_000);

function makeRepository(base: string): void {
  const work = join(base, 'project');
  const git = (...args: string[]) => {
    const options = { env: { PATH: '/usr/bin:/bin', ...GIT_ENV }, stdio: 'pipe' } as const;
    return execFileSync('git', ['-C', work, ...args], options);
  };
  execFileSync('mkdir', [work]);
  git('init', '--quiet');
  writeFileSync(join(work, 'content'), CONTENT);
  git('add', 'content');
  git('commit', '--quiet', '--message', 'One file');
}

for (const role of ROLES) {
  describeWith(`git daemon, ${role.title}`, { needs: [...role.needs, { program: 'git' }] }, () => {
    test('lets git clone a repository (promise 2, promise 7)', async () => {
      const base = scratch('git');
      makeRepository(base);
      const git = {
        ...{ listen: 'tcp://127.0.0.1:0', ...role.userOf('nobody'), env: TRUST_ANY_OWNER },
        ...{
          server: program('git'),
          server_args: ['daemon', '--inetd', '--export-all', `--base-path=${base}`],
        },
      };
      const zinetd = await startZinetd({ as: role.as, config: { services: { git } } });
      const copy = join(base, 'copy');
      const url = `git://127.0.0.1:${zinetd.port('git')}/project`;
      const clone = await runProgram(['git', 'clone', '--quiet', url, copy], { env: GIT_ENV });
      expect(clone).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(readFileSync(join(copy, 'content')).equals(CONTENT)).toBe(true);
      await expectServed(zinetd, 'git');
    });
  });
}
