import { chmodSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { handler } from '../harness/handler.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import type { StartOptions } from '../harness/start-zinetd.ts';

const FIRST_STRAY_FD = 3;
const LAST_STRAY_FD = 50;
const STRAY_GROUPS = '0,4,27,100';

export interface HostileStart {
  readonly options: Pick<StartOptions, 'env' | 'umask' | 'inherit' | 'prefix' | 'descriptors'>;
  /** Pids of the Node processes that took NODE_OPTIONS from the environment. */
  readonly infected: () => readonly number[];
}

/** What loaders, shells, interpreters, service managers and Node itself take from an environment (S29, S132). */
function environmentOf(required: string): Readonly<Record<string, string>> {
  return {
    LD_LIBRARY_PATH: '/nonexistent',
    LD_PRELOAD: '/nonexistent.so',
    BASH_ENV: '/nonexistent',
    ENV: '/nonexistent',
    IFS: '/',
    PERL5LIB: '/nonexistent',
    PYTHONPATH: '/nonexistent',
    TZ: ':/etc/shadow',
    TMPDIR: '/nonexistent',
    CREDENTIALS_DIRECTORY: '/nonexistent',
    NOTIFY_SOCKET: '/nonexistent',
    LISTEN_FDS: '40',
    LISTEN_PID: '1',
    XDG_RUNTIME_DIR: '/nonexistent',
    XDG_SEAT: 'seat0',
    NODE_OPTIONS: `--require=${required}`,
    NODE_PATH: '/nonexistent',
    NODE_EXTRA_CA_CERTS: '/nonexistent',
    OPENSSL_CONF: '/nonexistent',
  };
}

/** A module that leaves the pid of each Node that loads it. */
function infection(): { readonly path: string; readonly infected: () => readonly number[] } {
  const directory = scratch('infection');
  const marks = join(directory, 'marks');
  const path = join(directory, 'infection.cjs');
  writeFileSync(marks, '');
  chmodSync(marks, 0o666);
  writeFileSync(path, `require('fs').appendFileSync(${JSON.stringify(marks)}, process.pid + '\\n');\n`);
  return { path, infected: () => readFileSync(marks, 'utf8').split('\n').filter(Boolean).map(Number) };
}

function strayDescriptors(): Readonly<Record<number, number>> {
  const fd = openSync('/etc/passwd', 'r');
  onTestFinished(() => closeSync(fd));
  const numbers = Array.from({ length: LAST_STRAY_FD + 1 - FIRST_STRAY_FD }, (_, at) => at + FIRST_STRAY_FD);
  return Object.fromEntries(numbers.map((number) => [number, fd]));
}

/**
 * Everything that a handler must not get, given to zinetd: ignored and blocked signals, umask 0, descriptors,
 * root's groups, a lower limit, an environment full of traps.
 */
export function hostileStart(): HostileStart {
  const { path, infected } = infection();
  const groups = isRoot ? ['setpriv', `--groups=${STRAY_GROUPS}`, '--'] : [];
  const options = {
    env: environmentOf(path),
    umask: '0',
    inherit: strayDescriptors(),
    prefix: [...groups, handler('deaf-parent')],
    descriptors: 4000,
  };
  return { options, infected };
}
