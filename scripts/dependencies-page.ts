import { readFileSync } from 'node:fs';
import { table } from './table.ts';

/** A package as the lockfile has it. */
interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

type Entry = readonly [name: string, locked: Locked];

const INTRODUCTION = `# What zinetd depends on

Every package that \`npm ci\` installs, with its licence. This page is made from the lockfile: \`npm run docs\` renews it, and
[a test](../../test/structure/supply-chain.test.ts) holds the lockfile to what is imported, to digests, and to licences that allow it to be given on.

- **What was installed** is checked by npm against the digests in \`package-lock.json\`. \`npm ci --ignore-scripts\` runs no code of any package; the one script
  that an installation runs is the build of our own native part.
- **\`npm run sbom\`** prints all of them as a bill of materials in CycloneDX, for scanners; those to build and to test are marked as such.
- **\`npm audit\`** asks the registry for known holes in them.
- **The notices** that licences ask for are in \`dist/parts/LICENSES.txt\`, for the packages that a build takes into its own files.
- **Two builds** of the TypeScript are the same to the last byte.
- **Node.js**, the C library and the compiler are the machine's. The privileged process is C alone, and has no package in it.
`;

const MODULES = 'node_modules/';

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf(MODULES) + MODULES.length);
}

function rowsOf(entries: readonly Entry[], all: readonly Entry[]): readonly (readonly string[])[] {
  return entries.map(([path, { version, license = 'unknown' }]) => {
    const name = nameOf(path);
    const needers = all.filter(([, { dependencies }]) => dependencies?.[name] !== undefined);
    const by = [...new Set(needers.map(([needer]) => (needer === '' ? 'zinetd' : nameOf(needer))))];
    return [`\`${name}\``, version, license, by.sort().join(', ')];
  });
}

/** docs/reference/dependencies.md. */
export function dependenciesPage(): string {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const all = Object.entries(packages);
  const installed = all.filter(([path]) => path !== '');
  const atRunTime = installed.filter(([, { dev }]) => dev !== true);
  const toBuild = installed.filter(([, { dev }]) => dev === true);
  return [
    INTRODUCTION,
    `## At run time\n\n${table(['package', 'version', 'licence', 'asked for by'], rowsOf(atRunTime, all))}`,
    `## To build and to test\n\nNone of them is in what users get.\n`,
    table(
      ['package', 'version', 'licence'],
      rowsOf(toBuild, all).map((row) => row.slice(0, 3)),
    ),
  ].join('\n');
}
