import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyInstall } from '../../harness/copy-install.ts';

const HERE = 'test/faults/f1';
const OUT = 'build/test/f1';
const FLAGS = ['-std=gnu11', '-D_GNU_SOURCE', '-g', '-O0', '-Wall', '-Wextra', '-Werror'];
const SANITIZED = ['-fsanitize=address,undefined', '-fno-omit-frame-pointer'];

/** What is made of the same sources: `program` reached blocks are told from, `sanitized` errors of memory are found with. */
export interface Builds {
  readonly spawner: string;
  readonly sanitized: string;
  readonly addon: string;
}

function sourcesOf(...directories: readonly string[]): readonly string[] {
  return directories.flatMap((directory) =>
    readdirSync(directory)
      .filter((file) => file.endsWith('.c'))
      .map((file) => join(directory, file)),
  );
}

const SPAWNER = sourcesOf('src/native/spawner', 'src/native/shared');
const ADDON = sourcesOf('src/native/addon', 'src/native/shared');

/** Every call of libc that inject.c stands in front of. */
export function wrappedCalls(): readonly string[] {
  const text = readFileSync(join(HERE, 'calls.h'), 'utf8');
  return [...text.matchAll(/^(?:CALL\([A-Z]+, |OTHER\()(\w+)\)$/gm)].map(([, name = '']) => name);
}

/** Where Node's headers are, as those who built the addon found them. */
function headers(): string {
  const config = readFileSync('build/config.gypi', 'utf8').replace(/^#.*$/gm, '');
  const { variables } = JSON.parse(config) as { variables: { nodedir: string } };
  return join(variables.nodedir, 'include/node');
}

function isFresh(file: string): boolean {
  const built = statSync(file, { throwIfNoEntry: false });
  const own = readdirSync(HERE)
    .filter((name) => /[.][ch]$/.test(name))
    .map((name) => join(HERE, name));
  const sources = [...own, ...sourcesOf('src/native/spawner', 'src/native/shared', 'src/native/addon')];
  return built !== undefined && sources.every((source) => statSync(source).mtimeMs < built.mtimeMs);
}

/** A rename, so that another run never sees half a file. */
function compile(name: string, args: readonly string[]): string {
  const file = join(OUT, name);
  if (isFresh(file)) return file;
  const fresh = `${file}.${process.pid}`;
  execFileSync(process.env['CC'] ?? 'cc', [...FLAGS, ...args, '-o', fresh], { stdio: 'pipe' });
  renameSync(fresh, file);
  return file;
}

export function makeBuilds(): Builds {
  mkdirSync(OUT, { recursive: true });
  const wrap = [...wrappedCalls(), 'syscall'].map((call) => `-Wl,--wrap=${call}`);
  const inject = join(HERE, 'inject.c');
  const own = ['-fPIC', '-Wno-builtin-declaration-mismatch', '-c', inject];
  const traced = ['-fsanitize-coverage=trace-pc'];
  const raw = ['-include', join(HERE, 'raw.h'), '-pthread', ...wrap, ...SPAWNER];
  const objects = {
    spawner: compile('inject-spawner.o', own),
    sanitized: compile('inject-sanitized.o', ['-DF1_LEAKS', ...own]),
    addon: compile('inject-addon.o', ['-DF1_ADDON', ...own]),
  };
  const addon = ['-fPIC', '-shared', '-fvisibility=hidden', '-DNODE_GYP_MODULE_NAME=zinetd_addon'];
  return {
    spawner: compile('zinetd-spawner', [...traced, ...raw, objects.spawner]),
    sanitized: compile('zinetd-spawner-sanitized', [
      ...SANITIZED,
      ...raw,
      objects.sanitized,
      join(HERE, 'sanitizer-options.c'),
    ]),
    addon: compile('zinetd_addon.node', [
      ...traced,
      ...addon,
      `-I${headers()}`,
      ...wrap,
      ...ADDON,
      objects.addon,
    ]),
  };
}

/** zinetd with these pieces in the place of its own. */
export function installOf(builds: Builds, { isSanitized }: { readonly isSanitized: boolean }): string {
  const install = copyInstall();
  const spawner = isSanitized ? builds.sanitized : builds.spawner;
  cpSync(spawner, join(install, 'build/Release/zinetd-spawner'));
  cpSync(builds.addon, join(install, 'build/Release/zinetd_addon.node'));
  return install;
}
