import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { handler } from '../harness/handler.ts';
import { isRoot, type TestUser, unprivilegedUser } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { type StartOptions, startZinetd, type Zinetd } from '../harness/start-zinetd.ts';
import type { ProbeReport } from './probe-report.ts';

type Attributes = Readonly<Record<string, unknown>>;

const SYSTEM = ['/usr/bin', '/usr/lib', '/usr/lib64'];

function somebody(): TestUser {
  const user = unprivilegedUser();
  if (!user) throw new Error('Cannot find an unprivileged user');
  return user;
}

/** A directory of the handler's own, with what it is about to change. */
function place(): { readonly path: string; readonly rw: string } {
  const { uid, gid } = somebody();
  const path = scratch('landlock');
  const rw = join(path, 'rw');
  mkdirSync(rw);
  const files = [join(path, 'file'), join(rw, 'file')];
  for (const file of files) writeFileSync(file, 'as it was\n');
  if (isRoot) for (const each of [path, rw, ...files]) chownSync(each, uid, gid);
  return { path, rw };
}

function shell(script: string, attributes: Attributes): Attributes {
  const listen = 'tcp://127.0.0.1:0';
  return { listen, server: '/bin/sh', server_args: ['-c', script], cwd: '/', ...attributes };
}

function start(it: Attributes, options: Partial<StartOptions> = {}): Promise<Zinetd> {
  return startZinetd({ config: { services: { it } }, as: somebody(), ...options });
}

async function say(script: string, attributes: Attributes): Promise<string> {
  const zinetd = await start(shell(script, attributes));
  return await ask(zinetd.port('it'), '');
}

/** Each tried in a shell of its own: `yes`, or why not. */
function trying(attempts: readonly string[]): string {
  const tried = attempts.map((attempt) => `said=$( (${attempt}) 2>&1 ) && echo yes || echo "\${said##*: }"`);
  return tried.join('\n');
}

/** All that changes something below a directory; what one leaves is there for the next. */
function changes(directory: string): readonly string[] {
  return [
    `: >>${directory}/file`,
    `truncate -s 0 ${directory}/file`,
    `: >${directory}/new`,
    `mkdir ${directory}/made`,
    `ln -s x ${directory}/link`,
    `mkfifo ${directory}/fifo`,
    `mv ${directory}/file ${directory}/renamed`,
    `rm -f ${directory}/renamed ${directory}/file`,
  ];
}

describeWith('a handler of a zinetd that is not root', { needs: ['an unprivileged user'] }, () => {
  test('changes what is below read_write_paths, and nothing else, with protect_system: strict (S33)', async () => {
    const { path, rw } = place();
    const strict = {
      protect_system: 'strict',
      read_write_paths: [rw, join(path, 'missing')],
      required: true,
    };
    const below = trying(changes(rw));
    const outside = trying(changes(path));
    const told = await say(`${outside}; echo; ${below}`, strict);
    const [denied = '', allowed = ''] = told.split('\n\n');
    expect(denied.split('\n')).toEqual(Array<string>(8).fill('Permission denied'));
    expect(allowed).toBe('yes\n'.repeat(8));
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('as it was\n');
    expect(existsSync(join(rw, 'new'))).toBe(true);
    // Nothing but Landlock is in the way.
    expect(await say(outside, {})).toBe('yes\n'.repeat(8));
  });

  test('holds no descriptor of the paths that it is confined to (S13)', async () => {
    const strict = { protect_system: 'strict', read_write_paths: [place().rw], mode: 'extended' };
    const zinetd = await start({ ...shell('', strict), server: handler('probe') });
    const { fds } = JSON.parse(await ask(zinetd.port('it'), '')) as ProbeReport;
    expect(fds.map(({ fd, target }) => [fd, target.replace(/\d+/, 'N')])).toEqual([
      [0, 'socket:[N]'],
      [1, 'socket:[N]'],
      [2, 'pipe:[N]'],
    ]);
  });

  test('reads and executes as before, and writes to devices, to its client and to pipes', async () => {
    const { path } = place();
    const script = `cat ${path}/file; for it in null zero full tty; do (: >/dev/$it) 2>&1; done; echo x | cat; dd if=/dev/zero of=/dev/null count=1 2>/dev/null && echo done`;
    const told = await say(script, { protect_system: 'strict' });
    expect(told.replace(/.*\/dev\/tty.*\n/, '')).toBe('as it was\nx\ndone\n');
    expect(told).not.toContain('denied');
  });

  test('has files in either list as well as directories', async () => {
    const { path, rw } = place();
    const program = join(rw, 'true');
    copyFileSync('/bin/true', program);
    const script = trying([`: >${path}/file`, `: >>${rw}/file`, `rm ${path}/file`, program, `rm ${program}`]);
    const strict = { protect_system: 'strict', read_write_paths: [join(path, 'file')] };
    const told = await say(script, { ...strict, exec_paths: [...SYSTEM, program] });
    const denied = 'Permission denied';
    expect(told.trim().split('\n')).toEqual(['yes', denied, denied, 'yes', denied]);
  });

  test('cannot move or link into read_write_paths what it may not write', async () => {
    const { path, rw } = place();
    const strict = { protect_system: 'strict', read_write_paths: [rw] };
    const told = await say(trying([`ln ${path}/file ${rw}/hard`, `mv -n ${path}/file ${rw}/moved`]), strict);
    expect(told).not.toContain('yes');
    expect(existsSync(join(path, 'file'))).toBe(true);
    expect(existsSync(join(rw, 'hard'))).toBe(false);
  });

  test('executes what is in exec_paths, and nothing else that it could', async () => {
    const { path, rw } = place();
    const [inside, outside] = [join(rw, 'true'), join(path, 'true')];
    for (const copy of [inside, outside]) {
      copyFileSync('/bin/true', copy);
      chmodSync(copy, 0o755);
    }
    const script = trying([inside, outside, `cp ${inside} ${path}/mine && ${path}/mine`]);
    const told = await say(script, { exec_paths: [...SYSTEM, rw] });
    expect(told.trim().split('\n')).toEqual(['yes', 'Permission denied', 'Permission denied']);
    expect(await say(script, {})).toBe('yes\n'.repeat(3));
  });

  test('with exec_paths alone writes and moves as before, and the warning about its loader is true', async () => {
    const { path, rw } = place();
    const outside = join(path, 'true');
    copyFileSync('/bin/true', outside);
    const attempts = [
      ...changes(path),
      `: >${rw}/x; ln ${rw}/x ${path}/x`,
      `/lib64/ld-linux-*.so.* ${outside}`,
    ];
    const zinetd = await start(shell(trying(attempts), { exec_paths: SYSTEM }));
    expect(await ask(zinetd.port('it'), '')).toBe('yes\n'.repeat(attempts.length));
    expect(zinetd.stderr).toContain(
      'warning[config/kernel-lacks]: Cannot keep to all of "exec_paths" in service "it": zinetd has no CAP_SYS_ADMIN, and a loader in them can start what is outside',
    );
  });

  test('can gain no privileges, has its scope beside, and nobody else has either (S33, S34)', async () => {
    const { path } = place();
    const script = `grep NoNewPrivs /proc/self/status; kill -0 $PPID 2>/dev/null; echo $?; : >>${path}/file && echo free`;
    const listening = shell(`(${script}) 2>/dev/null`, {});
    const config = {
      services: {
        strict: { ...listening, protect_system: 'strict', scoped: true },
        free: listening,
      },
    };
    const zinetd = await startZinetd({ config, as: somebody() });
    expect(await ask(zinetd.port('strict'), '')).toMatch(/^NoNewPrivs:\t1\n1\n$/);
    expect(await ask(zinetd.port('free'), '')).toBe('NoNewPrivs:\t0\n0\nfree\n');
  });

  test('is warned of where the kernel has no Landlock, and refused where it must have', async () => {
    const strict = shell('echo here', { protect_system: 'strict' });
    const prefix = [handler('old-kernel'), 'landlock'];
    const zinetd = await start(strict, { prefix });
    expect(zinetd.stderr).toContain(
      'warning[config/kernel-lacks]: Cannot keep to "protect_system" in service "it": this kernel has no Landlock for all that changes files, and the handler runs without\n',
    );
    expect(await ask(zinetd.port('it'), '')).toBe('here\n');
    const refused = await start({ ...strict, required: true }, { prefix, expectFailure: true });
    expect(await refused.ended).toBe(1);
    expect(refused.stderr).toContain('error[config/kernel-too-poor]');
  });

  test('is refused where Landlock cannot say what is asked for', async () => {
    const zinetd = await start(shell('', { protect_system: 'full' }), { expectFailure: true });
    expect(await zinetd.ended).toBe(1);
    expect(zinetd.stderr).toContain(
      'error[config/no-capability]: Cannot use "protect_system" in service "it"',
    );
  });
});

/** What a container's root has as a rule: enough to become others, not to mount. */
const NO_MOUNTS = ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'];

describeWith('a handler of a root that may not mount', { needs: ['root', 'an unprivileged user'] }, () => {
  test.each(['inetd', 'extended'])(
    'has its rules in force whoever it is, and whichever way it is born: mode %s (S33)',
    async (mode) => {
      const { path, rw } = place();
      for (const file of [join(path, 'file'), join(rw, 'file')]) chmodSync(file, 0o666);
      const strict = { mode, protect_system: 'strict', read_write_paths: [rw, '/root/missing'] };
      const attempts = [`: >>${path}/file`, `: >>${rw}/file`, ': >>/etc/passwd'];
      for (const user of [somebody().name, 'root']) {
        const it = shell(trying(attempts), { ...strict, user });
        const zinetd = await startZinetd({ config: { services: { it } }, prefix: NO_MOUNTS });
        expect(await ask(zinetd.port('it'), '')).toBe('Permission denied\nyes\nPermission denied\n');
      }
    },
  );

  test('is not executed where a rule cannot be made, and the log names the step (S22)', async () => {
    const it = shell('echo here', { protect_system: 'strict', user: 'root', rlimits: { nofile: 4 } });
    const zinetd = await startZinetd({ config: { services: { it } }, prefix: NO_MOUNTS });
    expect(await ask(zinetd.port('it'), '')).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ service: 'it', step: 'landlock', error: 'EMFILE' });
  });
});

describeWith(
  'a file that is truncated by its name',
  { needs: ['an unprivileged user', { program: 'perl' }] },
  () => {
    test('is written to: by none but who may, with protect_system: strict (S33)', async () => {
      const { path, rw } = place();
      const emptying = `print truncate($_, 0) ? "yes\\n" : "$!\\n" for @ARGV`;
      const script = `perl -e '${emptying}' ${path}/file ${rw}/file`;
      const strict = { protect_system: 'strict', read_write_paths: [rw] };
      expect(await say(script, strict)).toBe('Permission denied\nyes\n');
      expect(await say(script, {})).toBe('yes\nyes\n');
    });
  },
);
