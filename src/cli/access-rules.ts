import type { AccessRule } from '../compile/boot.ts';
import { dependencies, PACKAGE_ROOT } from './install.ts';

/** The kernel executes the loader to start Node. */
const LOADERS = [
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-musl-x86_64.so.1',
  '/lib/ld-musl-aarch64.so.1',
];

const LIBRARIES = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/etc/ld.so.cache'];

/** Our own code; not the whole checkout, which may hold anything. */
const OWN = ['dist', 'build', 'package.json', 'node_modules'];

const SYSTEM = ['/dev/null', '/usr/share/zoneinfo', '/etc/localtime'];

/** All that the dispatcher may open. A path that does not exist allows nothing. */
export function dispatcherRules(): readonly AccessRule[] {
  const execute = [process.execPath, ...LOADERS];
  const read = [...LIBRARIES, ...OWN.map((name) => `${PACKAGE_ROOT}${name}`), dependencies(), ...SYSTEM];
  return [
    ...execute.map((path) => ({ path, access: 'execute' as const })),
    ...read.map((path) => ({ path, access: 'read' as const })),
  ];
}
