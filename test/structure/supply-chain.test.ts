import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { typescriptSources } from './sources.ts';

/** What npm installs, as the lockfile has it. */
interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly license?: string;
}

/** A package in a bill of materials. */
interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly unknown[];
  readonly licenses?: readonly unknown[];
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Those that let a program be given on under a licence of its own. */
const LICENCES = ['MIT', 'ISC', 'Apache-2.0'];
/** What npm runs by itself where a package is installed. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];
const REGISTRY = 'https://registry.npmjs.org/';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked & Partial<Manifest>>>;
};
const { '': root, ...others } = lock.packages;
const packages = Object.entries(others);

function pathsOf(isOdd: (locked: Locked) => boolean): readonly string[] {
  return packages.filter(([, locked]) => isOdd(locked)).map(([path]) => path);
}

describe('what zinetd is built from', () => {
  test('is the packages that it imports, no more, each of one version (S137)', () => {
    const imported = typescriptSources()
      .flatMap(({ imports }) => imports)
      .filter(({ from, path }) => path === undefined && !from.startsWith('node:'))
      .map(({ from }) => from.split('/', from.startsWith('@') ? 2 : 1).join('/'));
    expect([...new Set(imported)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
    const versions = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(versions).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('is what the lockfile has, all of it with a digest and from the registry (S137)', () => {
    expect(root?.dependencies).toEqual(manifest.dependencies);
    expect(root?.devDependencies).toEqual(manifest.devDependencies);
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect(others[`node_modules/${name}`], name).toMatchObject({ version });
    }
    expect(pathsOf(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(pathsOf(({ resolved = REGISTRY }) => !resolved.startsWith(REGISTRY))).toEqual([]);
  });

  test('runs nothing when it is installed but the build of our own native pieces (S137)', () => {
    expect(pathsOf(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
    const own = Object.entries(manifest.scripts).filter(([name]) => INSTALL_SCRIPTS.includes(name));
    expect(own).toEqual([['install', 'node-gyp rebuild']]);
    // An action or a command in it would be run by that.
    expect(readFileSync('binding.gyp', 'utf8')).not.toMatch(/<!|'actions'|'rules'|http/);
  });

  test('may be given on: of what users get, each licence is one of those that allow it (S137)', () => {
    const isOdd = ({ dev, license = '' }: Locked) => dev !== true && !LICENCES.includes(license);
    expect(pathsOf(isOdd)).toEqual([]);
  });

  test('is told by "npm run sbom": every package with version, digest and licence (S137)', () => {
    const text = execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8' });
    const { components } = JSON.parse(text) as { readonly components: readonly Component[] };
    const named = packages.map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
    const told = components.map(({ name, version }) => `${name}@${version}`);
    expect([...new Set(told)].sort()).toEqual([...new Set(named)].sort());
    const isBare = ({ hashes, licenses }: Component) => hashes?.length !== 1 || licenses?.length !== 1;
    expect(components.filter(isBare).map(({ name }) => name)).toEqual([]);
  });
});
