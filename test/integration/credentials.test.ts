import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../harness/client.ts';
import { describeWith } from '../harness/describe-with.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd, type Zinetd } from '../harness/start-zinetd.ts';

type Attributes = Readonly<Record<string, unknown>>;

const SECRET = 'hunter2-of-the-database';
/** Of its own, so that nothing is left on this machine. */
const OWN_RUN = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /run && exec "$@"', 'sh'];

function secret(content: string | Uint8Array = SECRET): string {
  const path = join(scratch('credential'), 'secret');
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

function shell(script: string, attributes: Attributes = {}): Attributes {
  return {
    listen: 'tcp://127.0.0.1:0',
    user: 'nobody',
    server: '/bin/sh',
    server_args: ['-c', script],
    ...attributes,
  };
}

function start(services: Readonly<Record<string, Attributes>>, more: Attributes = {}): Promise<Zinetd> {
  return startZinetd({ config: { ...more, services }, prefix: OWN_RUN });
}

async function say(script: string, attributes: Attributes): Promise<string> {
  const zinetd = await start({ it: shell(script, attributes) });
  return await ask(zinetd.port('it'), '');
}

describeWith('a handler with credentials', { needs: ['root', 'a mount namespace'] }, () => {
  test.each([
    ['nobody', {}],
    ['a user of its own', { user: undefined, dynamic_user: true, mode: 'extended' }],
    ['root', { user: 'root', mode: 'extended' }],
    [
      'all else read-only',
      { protect_system: 'strict', private_tmp: true, private_pids: true, exec_paths: ['/usr'] },
    ],
  ])('reads them, and that is all that it can do with them: %s', async (_title, attributes) => {
    const path = secret();
    const told = await say(
      [
        'cd "$CREDENTIALS_DIRECTORY" && pwd && ls -A && cat token && echo',
        '[ "$(stat -c %a:%u:%g token .)" = "$(printf "400:$(id -u):$(id -g)\n700:$(id -u):$(id -g)")" ] && echo its own',
        '(echo x >token) 2>&1 | grep -o "Read-only file system\\|Permission denied"; (echo x >new) 2>&1 | grep -o "Read-only file system"',
        'rm -f token 2>&1 | grep -o "Read-only file system"; chmod 777 token 2>&1 | grep -o "Read-only file system"',
        'grep -o "/run/credentials ramfs [a-z,]*" /proc/self/mounts',
      ].join('\n'),
      { credentials: { token: path, text: { text: 'x' } }, stderr: 'socket', ...attributes },
    );
    const [where, ...rest] = told.trimEnd().split('\n');
    expect(where).toBe('/run/credentials');
    expect(rest.slice(0, 4)).toEqual(['text', 'token', SECRET, 'its own']);
    expect(rest.slice(4, 8).every((line) => /^(Read-only file system|Permission denied)$/.test(line))).toBe(
      true,
    );
    expect(rest.slice(8)).toEqual(['/run/credentials ramfs ro,nosuid,nodev,noexec,relatime,mode']);
  });

  test('has every byte of 1 MiB of them', async () => {
    const content = randomBytes(1_048_576);
    const told = await say('sha256sum <"$CREDENTIALS_DIRECTORY/big"', {
      credentials: { big: secret(content) },
    });
    expect(told).toBe(`${createHash('sha256').update(content).digest('hex')}  -\n`);
  });

  test('is the only one who sees them: not another service, nor root, nor the log (S40)', async () => {
    const [path, own] = [secret(), secret('another')];
    const look = 'ls -A /run/credentials 2>&1; cat /run/credentials/token 2>&1; env';
    const zinetd = await start({
      it: shell('echo ready; read line; cat "$CREDENTIALS_DIRECTORY/token"', {
        user: 'daemon',
        credentials: { token: path },
      }),
      root: shell(look, { user: 'root' }),
      nobody: shell(`${look}; ls -A /proc/[0-9]*/root/run/credentials 2>/dev/null`),
      other: shell('ls -A /run/credentials; cat /run/credentials/token', { credentials: { token: own } }),
    });
    const client = connect(zinetd.port('it'), '127.0.0.1');
    onTestFinished(() => void client.destroy());
    const said = { text: '' };
    const ready = new Promise<void>((done) => {
      client.on('data', (data) => {
        said.text += String(data);
        if (said.text.startsWith('ready\n')) done();
      });
    });
    await ready;
    expect(await ask(zinetd.port('root'), '')).toMatch(
      /^cat: \/run\/credentials\/token: No such file or directory\n/,
    );
    const nobody = await ask(zinetd.port('nobody'), '');
    expect(nobody).toMatch(/^ls: .*Permission denied\ncat: .*Permission denied\n/);
    expect(nobody).not.toMatch(/CREDENTIALS_DIRECTORY|token\n/);
    expect(await ask(zinetd.port('other'), '')).toBe('token\nanother');
    const { pid } = await zinetd.event(
      (it) => it.event === 'launched' || (it.event === 'started' && it['service'] === 'it'),
    );
    expect(readFileSync(`/proc/${Number(pid)}/environ`, 'utf8')).toBe(
      'CREDENTIALS_DIRECTORY=/run/credentials\0',
    );
    client.end('go\n');
    await new Promise((done) => client.once('close', done));
    expect(said.text).toBe(`ready\n${SECRET}`);
    await zinetd.event((it) => it.event === 'exited' && it['service'] === 'it');
    expect(JSON.stringify(zinetd.log.all) + zinetd.stderr).not.toContain('hunter2');
    expect(readdirSync(`/proc/${zinetd.pid}/root/run/credentials`)).toEqual([]);
  });

  test('has them in a root of its own, whose directory there is made', async () => {
    const chroot = scratch('jail');
    for (const name of ['bin', 'lib', 'lib64', 'usr', 'run']) mkdirSync(join(chroot, name));
    const mounts = ['bin', 'lib', 'lib64', 'usr'].map(
      (name) => `mount --bind /${name} ${join(chroot, name)}`,
    );
    const prefix = [...OWN_RUN.slice(0, 4), `${mounts.join(' && ')} && exec "$@"`, 'sh'];
    const it = shell('/bin/cat "$CREDENTIALS_DIRECTORY/token"', { chroot, credentials: { token: secret() } });
    const zinetd = await startZinetd({ config: { services: { it } }, prefix });
    expect(await ask(zinetd.port('it'), '')).toBe(SECRET);
    expect(readdirSync(join(chroot, 'run', 'credentials'))).toEqual([]);
  });

  test('has its own copy of them where a rule of hosts.allow gives it another user', async () => {
    const directory = scratch('hosts');
    const rules = join(directory, 'hosts.allow');
    writeFileSync(rules, 'sh: 127.0.0.1: user daemon\n');
    const told = await say(
      'id -un; cat "$CREDENTIALS_DIRECTORY/token"; stat -c " %U" "$CREDENTIALS_DIRECTORY/token"',
      {
        credentials: { token: secret() },
        hosts_access: { allow: rules, deny: join(directory, 'hosts.deny') },
      },
    );
    expect(told).toBe(`daemon\n${SECRET} daemon\n`);
  });

  test('has what is in them since the last reload, also what was not there', async () => {
    const path = secret('first');
    const missing = join(dirname(path), 'late');
    const it = shell('cd "$CREDENTIALS_DIRECTORY"; cat *', {
      credentials: { a: path, b: { path: missing, optional: true } },
    });
    const zinetd = await start({ it }, { watch: true });
    expect(await ask(zinetd.port('it'), '')).toBe('first');
    const put = (file: string, text: string): void => {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    };
    put(path, 'second ');
    await zinetd.event('reloaded');
    expect(await ask(zinetd.port('it'), '')).toBe('second ');
    put(missing, 'late');
    await zinetd.event('reloaded');
    expect(await ask(zinetd.port('it'), '')).toBe('second late');
  });

  test('is not executed where there is no place for them, and the record says at which call', async () => {
    const prefix = [...OWN_RUN.slice(0, 4), 'mount -t tmpfs -o ro none /run && exec "$@"', 'sh'];
    const it = shell('echo here', { credentials: { token: secret() } });
    const zinetd = await startZinetd({ config: { services: { it } }, prefix });
    expect(await ask(zinetd.port('it'), '')).toBe('');
    expect(await zinetd.event('failed')).toMatchObject({ service: 'it', step: 'mkdirat', error: 'EROFS' });
  });
});
