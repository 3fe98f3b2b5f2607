import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { isRoot, unprivilegedUser } from '../harness/identity.ts';
import { program } from '../harness/program.ts';
import { runProgram } from '../harness/run-program.ts';
import { scratch } from '../harness/scratch.ts';
import { startZinetd } from '../harness/start-zinetd.ts';
import { expectServed } from './expect-served.ts';
import { ROLES, type Role } from './roles.ts';

/** What sshd exits with when the client disconnects, which is how each session ends. */
const AFTER_DISCONNECT = 255;

interface Keys {
  readonly directory: string;
  readonly settings: string;
}

/** Keys of a host and of a user, and a configuration that knows no other. */
function prepare(role: Role): Keys {
  const directory = scratch('sshd');
  const at = (name: string) => join(directory, name);
  for (const name of ['host', 'user']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', at(name)]);
  }
  if (role.as) chownSync(at('host'), role.as.uid, role.as.gid);
  copyFileSync(at('user.pub'), at('authorized'));
  chmodSync(at('authorized'), 0o644);
  const settings = at('sshd_config');
  const lines = ['UsePAM no', 'StrictModes no', `HostKey ${at('host')}`, 'PidFile none'];
  writeFileSync(settings, `${lines.join('\n')}\nAuthorizedKeysFile ${at('authorized')}\n`);
  return { directory, settings };
}

/** Compiled into sshd; its package makes it at boot. */
function makePrivilegeSeparationDirectory(): void {
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
}

async function ssh(port: number, options: { directory: string; command: string; input: string }) {
  const { directory, command, input } = options;
  const known = join(directory, 'known_hosts');
  const host = readFileSync(join(directory, 'host.pub'), 'utf8').trim();
  writeFileSync(known, `[127.0.0.1]:${port} ${host}\n`);
  const set = ['BatchMode=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${known}`, 'LogLevel=ERROR'];
  const identity = ['-i', join(directory, 'user'), '-o', 'IdentitiesOnly=yes', '-p', String(port)];
  const login = `${unprivilegedUser()?.name}@127.0.0.1`;
  const argv = ['ssh', '-F', 'none', ...set.flatMap((it) => ['-o', it]), ...identity, login, command];
  return runProgram(argv, { input });
}

for (const role of ROLES) {
  const programs = ['sshd', 'ssh', 'ssh-keygen'].map((name) => ({ program: name }));
  describeWith(
    `sshd -i, ${role.title}`,
    { needs: [...role.needs, 'an unprivileged user', ...programs] },
    () => {
      test('logs ssh in and runs its command (promise 2, promise 7)', async () => {
        makePrivilegeSeparationDirectory();
        const { directory, settings } = prepare(role);
        const sshd = {
          ...{ listen: 'tcp://127.0.0.1:0', ...role.userOf('root') },
          ...{ server: program('sshd'), server_args: ['-i', '-f', settings] },
        };
        const zinetd = await startZinetd({ as: role.as, config: { services: { sshd } } });
        const command = 'id --user; tr a-z A-Z; exit 7';
        const ran = await ssh(zinetd.port('sshd'), { directory, command, input: 'through ssh\n' });
        expect(ran.stdout).toBe(`${unprivilegedUser()?.uid}\nTHROUGH SSH\n`);
        expect(ran.status).toBe(7);
        await expectServed(zinetd, 'sshd', AFTER_DISCONNECT);
      });
    },
  );
}
