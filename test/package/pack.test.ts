import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../harness/client.ts';
import { isRoot } from '../harness/identity.ts';
import { scratch } from '../harness/scratch.ts';
import { startProcess } from './start-process.ts';

/** Readers of seven formats and their pages are a tenth of it. */
const MOST_BYTES = 1.25 * 1024 * 1024;
const INSTALL_MS = 240_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Scripts would build `dist` anew, under the feet of the tests beside this one. */
function pack(args: readonly string[]): Packed {
  const text = execFileSync('npm', ['pack', '--json', '--ignore-scripts', ...args], { encoding: 'utf8' });
  const [packed] = JSON.parse(text) as readonly Packed[];
  if (!packed) throw new Error('npm pack has packed nothing');
  return packed;
}

/** Path prefixes of all that a user has of a package. */
const WANTED = [
  ...['dist/', 'src/native/', 'schemas/', 'examples/', 'docs/', 'man/'],
  ...['binding.gyp', 'package.json', 'README.md', 'SECURITY.md', 'LICENSE'],
];

test('the package holds what is needed to build, run and understand zinetd, and nothing else', () => {
  const { files, size } = pack(['--dry-run']);
  const paths = files.map(({ path }) => path);
  expect(paths.filter((path) => !WANTED.some((wanted) => path.startsWith(wanted)))).toEqual([]);
  expect(paths.filter((path) => /\.(map|o|node)$/.test(path))).toEqual([]);
  const declarations = paths.filter((path) => path.endsWith('.d.ts'));
  expect(declarations).toEqual(['dist/handler/connection.d.ts', 'dist/handler/serve.d.ts']);
  const native = readdirSync('src/native', { recursive: true, encoding: 'utf8' });
  for (const name of native.filter((it) => /\.[ch]$/.test(it))) expect(paths).toContain(`src/native/${name}`);
  for (const path of [
    'dist/main.js',
    'dist/parts/handler.js',
    'dist/parts/LICENSES.txt',
    'SECURITY.md',
    'man/zinetd.8',
    'examples/systemd/zinetd.service',
  ]) {
    expect(paths).toContain(path);
  }
  console.info(`${paths.length} files, ${size} bytes`);
  expect(size).toBeLessThan(MOST_BYTES);
});

function npm(args: readonly string[], cwd: string): void {
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  execFileSync('npm', [...args, ...quiet], { cwd, stdio: 'pipe', timeout: INSTALL_MS });
}

/** Where npm keeps headers and caches stays as it is for the whole suite. */
function install(): string {
  const directory = scratch('package');
  const { filename } = pack(['--pack-destination', directory]);
  writeFileSync(join(directory, 'package.json'), '{"private":true}\n');
  npm(['install', join(directory, filename)], directory);
  return directory;
}

async function answerOf(args: readonly string[], main: string): Promise<string> {
  const daemon = startProcess([process.execPath, main, ...args]);
  onTestFinished(async () => void (await daemon.stop()));
  const [, port] = await daemon.says(/listens on tcp:\/\/127\.0\.0\.1:([0-9]+)/);
  await daemon.says(/Ready with/);
  const client = await connect(Number(port));
  client.send('hello\n');
  client.halfClose();
  const answer = await client.readAll();
  expect(await daemon.stop()).toBe(0);
  return answer;
}

describe('the package in an empty directory', () => {
  test('is built by npm, serves from the command line and from a file, has a library for handlers, and goes as it came', async () => {
    const directory = install();
    const main = realpathSync(join(directory, 'node_modules/.bin/zinetd'));
    const root = join(directory, 'node_modules/zinetd');
    expect(existsSync(join(root, 'build/Release/zinetd-spawner'))).toBe(true);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(execFileSync(process.execPath, [main, '--version'], { encoding: 'utf8' }).trim()).toBe(version);

    const none = ['--control', 'none', '--state-dir', join(directory, 'state')];
    const serve = ['serve', ...none, 'tcp://127.0.0.1:0', '--', 'cat'];
    expect(await answerOf(serve, main)).toBe('hello\n');

    const config = join(directory, 'zinetd.yaml');
    const user = isRoot ? { user: 'nobody' } : {};
    const it = { listen: 'tcp://127.0.0.1:0', server: '/bin/cat', ...user };
    writeFileSync(config, JSON.stringify({ version: 1, services: { it } }), { mode: 0o644 });
    expect(await answerOf(['run', ...none, '-c', config], main)).toBe('hello\n');

    const handler = join(directory, 'whoami.mjs');
    copyFileSync('examples/pool/whoami.mjs', handler);
    const own = { listen: 'tcp://127.0.0.1:0', server: process.execPath, server_args: [handler], ...user };
    writeFileSync(config, JSON.stringify({ version: 1, services: { own } }), { mode: 0o644 });
    expect(await answerOf(['run', ...none, '-c', config], main)).toMatch(
      /^You are 127\.0\.0\.1, client 1 of/,
    );

    npm(['uninstall', 'zinetd'], directory);
    expect(existsSync(root)).toBe(false);
    for (const kept of [config, join(directory, 'state')]) expect(existsSync(kept)).toBe(true);
  }, 300_000);
});
