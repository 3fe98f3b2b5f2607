import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBusybox } from './busybox.mjs';
import { unpackPackages } from './packages.mjs';

/**
 * @typedef {object} Target
 * @property {number} port
 * @property {string} handler
 * @property {{name: string, uid: number, gid: number} | undefined} user of the handler; undefined: the caller
 * @property {string} file where its configuration is
 * @property {string} log where its log goes, for those that open it themselves
 *
 * @typedef {object} Program
 * @property {string} program
 * @property {string} version
 * @property {Record<string, string>} [environment]
 *
 * @typedef {object} Launch
 * @property {readonly [string, ...string[]]} argv
 * @property {Record<string, string>} environment
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {string} log how it logs each connection
 * @property {(where: {directory: string, signal: AbortSignal}) => Promise<Program>} fetch
 * @property {(target: Target) => string} [configuration]
 * @property {(program: string, target: Target) => [string, ...string[]]} argv
 */

/** More than any run makes: limits are lifted, not tested. */
const MANY = '1000000000';
const AT_ONCE = 1000;
const BACKLOG = 1024;

const OWN_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @param {Target} target */
const userName = ({ user }) => user?.name ?? process.env['USER'] ?? 'root';

/**
 * @param {readonly string[]} packages
 * @param {string} path of the program in the first of them
 * @returns {Server['fetch']}
 */
function debian(packages, path) {
  return async (where) => {
    const { root, version } = await unpackPackages(packages, where);
    const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((triplet) =>
      join(root, 'usr/lib', triplet),
    );
    const environment = { LD_LIBRARY_PATH: libraries.join(':') };
    return { program: join(root, path), version, ...(packages.length > 1 ? { environment } : {}) };
  };
}

/** @type {Server} */
const zinetd = {
  name: 'zinetd',
  log: 'file',
  fetch: async () => {
    const { version } = JSON.parse(readFileSync(join(OWN_ROOT, 'package.json'), 'utf8'));
    return { program: join(OWN_ROOT, 'dist/main.js'), version };
  },
  configuration: ({ port, handler, user }) => `version: 1
services:
  bench:
    listen: "tcp://127.0.0.1:${port}"
${user ? `    user: ${user.name}\n` : ''}    instances: ${AT_ONCE}
    server: ${handler}
`,
  argv: (program, { file }) => [process.execPath, program, 'run', '-c', file],
};

/** @type {Server} */
const xinetd = {
  name: 'xinetd',
  log: 'file',
  fetch: debian(['xinetd', 'libwrap0', 'libnsl2'], 'usr/sbin/xinetd'),
  configuration: (target) => `service bench
{
  type = UNLISTED
  flags = NOLIBWRAP
  socket_type = stream
  protocol = tcp
  wait = no
  bind = 127.0.0.1
  port = ${target.port}
  user = ${userName(target)}
  server = ${target.handler}
  instances = UNLIMITED
  per_source = UNLIMITED
  cps = ${MANY} 1
  log_type = FILE ${target.log}
  log_on_success = PID HOST DURATION EXIT
  log_on_failure = HOST
}
`,
  argv: (program, { file, log }) => [
    program,
    '-dontfork',
    '-f',
    file,
    '-filelog',
    log,
    '-pidfile',
    `${log}.pid`,
  ],
};

/** @type {Server} */
const openbsdInetd = {
  name: 'openbsd-inetd',
  log: 'none',
  fetch: debian(
    ['openbsd-inetd', 'libwrap0', 'libnsl2', 'libevent-2.1-7', 'libbsd0', 'libmd0'],
    'usr/sbin/inetd',
  ),
  configuration: (target) =>
    `127.0.0.1:${target.port} stream tcp4 nowait.${MANY} ${userName(target)} ${target.handler} handler\n`,
  argv: (program, { file }) => [program, '-i', '-R', MANY, '-q', String(BACKLOG), file],
};

/** @type {Server} */
const tcpserver = {
  name: 'tcpserver',
  log: 'file',
  fetch: debian(['ucspi-tcp'], 'usr/bin/tcpserver'),
  argv: (program, { user, port, handler }) => [
    ...[program, '-v', '-H', '-R', '-l0', '-c', String(AT_ONCE), '-b', String(BACKLOG)],
    ...(user ? ['-u', String(user.uid), '-g', String(user.gid)] : []),
    ...['127.0.0.1', String(port), handler],
  ],
};

/**
 * The two programs of this name take the same options.
 *
 * @param {Target} target
 */
const tcpsvdArguments = ({ user, port, handler }) => [
  ...['-v', '-l', 'localhost', '-c', String(AT_ONCE), '-b', String(BACKLOG)],
  ...(user ? ['-u', user.name] : []),
  ...['127.0.0.1', String(port), handler],
];

/** @type {Server} */
const ipsvd = {
  name: 'ipsvd',
  log: 'file',
  fetch: debian(['ipsvd'], 'usr/bin/tcpsvd'),
  argv: (program, target) => [program, ...tcpsvdArguments(target)],
};

/** @type {Server} */
const busybox = {
  name: 'busybox',
  log: 'file',
  fetch: buildBusybox,
  argv: (program, target) => [program, 'tcpsvd', ...tcpsvdArguments(target)],
};

/** @type {readonly Server[]} */
export const SERVERS = [zinetd, xinetd, openbsdInetd, tcpserver, ipsvd, busybox];
