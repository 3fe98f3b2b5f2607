import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../lib/command.mjs';

const FORMAT = '$(ORIGIN)|$(LABEL)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)';

/**
 * Debian's busybox has neither tcpsvd nor inetd, so this builds one from Debian's source, with one applet alone.
 *
 * @param {readonly string[]} settings of its configuration
 * @param {{directory: string, signal: AbortSignal}} where
 * @returns {Promise<{program: string, version: string}>}
 */
export async function buildBusybox(settings, { directory, signal }) {
  const program = join(directory, 'busybox');
  const built = await access(program).then(
    () => true,
    () => false,
  );
  if (!built) await rename(join(await compile(settings, { directory, signal }), 'busybox'), program);
  return { program, version: await versionIn(directory) };
}

/**
 * @param {readonly string[]} settings
 * @param {{directory: string, signal: AbortSignal}} where
 */
async function compile(settings, { directory, signal }) {
  await mkdir(join(directory, 'lists', 'partial'), { recursive: true });
  await download({ directory, signal });
  const archive = (await readdir(directory)).find((name) => name.endsWith('.orig.tar.bz2'));
  if (!archive) throw new Error('Cannot build busybox: apt-get source brought no archive');
  await command(['tar', 'xjf', archive], { cwd: directory, signal });
  const source = join(directory, archive.replace('.orig.tar.bz2', '').replace('_', '-'));
  await make(source, { settings, signal });
  return source;
}

/**
 * apt's own list of package archives, as an extra list of source archives that stays in our directory.
 *
 * @param {{directory: string, signal: AbortSignal}} options
 */
async function download({ directory, signal }) {
  const targets = await command(['apt-get', 'indextargets', '--format', FORMAT, 'Created-By: Packages'], {
    signal,
  });
  const rows = targets.split('\n').map((line) => line.split('|'));
  const debian = rows.filter(
    ([origin, label, , , part]) => origin === 'Debian' && label === 'Debian' && part === 'main',
  );
  const list = join(directory, 'sources.list');
  await writeFile(list, debian.map(([, , site, release]) => `deb-src ${site} ${release} main\n`).join(''));
  const beside = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${directory}/lists`,
  ];
  const options = beside.flatMap((option) => ['-o', option]);
  await command(['apt-get', ...options, '-qq', 'update'], { signal });
  await command(['apt-get', ...options, 'source', '--download-only', 'busybox'], { cwd: directory, signal });
}

/**
 * @param {string} source
 * @param {{settings: readonly string[], signal: AbortSignal}} options
 */
async function make(source, { settings, signal }) {
  const config = join(source, '.config');
  await command(['make', 'allnoconfig'], { cwd: source, signal });
  const none = await readFile(config, 'utf8');
  // Some are questions that come up only when others have been answered: the first answer counts.
  await writeFile(
    config,
    `${settings.map((name) => `CONFIG_${name}=y\n`).join('')}${without(none, settings)}`,
  );
  // Other questions that the applet brings along get their default.
  await command(['sh', '-c', 'yes "" | make oldconfig'], { cwd: source, signal });
  await command(['make', '-j2'], { cwd: source, signal });
}

/**
 * @param {string} config
 * @param {readonly string[]} settings
 */
function without(config, settings) {
  const lines = settings.map((name) => `# CONFIG_${name} is not set`);
  return config
    .split('\n')
    .filter((line) => !lines.includes(line))
    .join('\n');
}

/** @param {string} directory */
async function versionIn(directory) {
  const description = (await readdir(directory)).find((name) => name.endsWith('.dsc'));
  return description?.replace(/^busybox_|\.dsc$/g, '') ?? 'unknown';
}
