import { readFileSync } from 'node:fs';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBusybox } from './busybox.mjs';
import { command } from './command.mjs';
import { unpackPackages } from './packages.mjs';
import { makePrivateEtc, withPrivateEtc } from './private-etc.mjs';

/**
 * @typedef {object} Target
 * @property {number} port
 * @property {string} handler
 * @property {{name: string, uid: number, gid: number} | undefined} user of the handler; undefined: the caller
 * @property {string} file where its configuration is
 * @property {number | undefined} relayedTo port of loopback that it leads connections to, instead of a handler
 * @property {'lifted' | 'default'} limits default: those that it has when nobody writes any
 * @property {string} log where its log goes, for those that open it themselves
 * @property {{net: string, path: string} | undefined} refused network that it must turn away, and a path of its
 *   own for rules that are not in the configuration; undefined: nobody is turned away
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
 * @typedef {object} Refusing how it turns a client away
 * @property {string} does what a refusal costs it, by strace
 * @property {(program: string, target: Target & {refused: {net: string, path: string}}) => Promise<void>} [prepare]
 *   writes the rules
 * @property {(log: string) => number} [logged] how many refusals a log tells of
 * @property {{seconds: number, timeoutMs: number}} [slow] it takes so long that it is measured once only, like this
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {string} log how it logs each connection
 * @property {(where: {directory: string, signal: AbortSignal}) => Promise<Program>} fetch
 * @property {(target: Target) => string} [configuration]
 * @property {(program: string, target: Target) => [string, ...string[]]} argv
 * @property {Refusing} [refusing] undefined: not measured in that
 * @property {boolean} [relays] whether it can lead connections to another port
 */

/** More than any run makes: limits are lifted, not tested. */
const MANY = '1000000000';
const AT_ONCE = 1000;
const BACKLOG = 1024;

const OWN_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * How many lines of a log match.
 *
 * @param {RegExp} pattern
 * @returns {(log: string) => number}
 */
const linesWith = (pattern) => (log) => log.split('\n').filter((line) => pattern.test(line)).length;

/**
 * `127.77.` for 127.77.0.0/16: how the older languages of rules write a network.
 *
 * @param {{net: string}} refused
 */
const dottedPrefix = ({ net }) => `${net.split('.').slice(0, 2).join('.')}.`;

/** @param {Target} target */
const userName = ({ user }) => user?.name ?? process.env['USER'] ?? 'root';

/** @param {string} root where packages are unpacked */
function libraryPath(root) {
  const triplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu'];
  return triplets
    .flatMap((triplet) => [join(root, 'usr/lib', triplet), join(root, 'lib', triplet)])
    .join(':');
}

/**
 * @param {readonly string[]} packages
 * @param {string} path of the program in the first of them
 * @returns {Server['fetch']}
 */
function debian(packages, path) {
  return async (where) => {
    const { root, version } = await unpackPackages(packages, where);
    const environment = { LD_LIBRARY_PATH: libraryPath(root) };
    return { program: join(root, path), version, ...(packages.length > 1 ? { environment } : {}) };
  };
}

/**
 * One line each, until there are so many that some are counted in a line together.
 *
 * @param {string} log
 */
function zinetdRefusals(log) {
  const lines = log.split('\n').filter((line) => line.includes('FAIL: bench '));
  return lines.reduce((sum, line) => sum + Number(/ repeated=(\d+)/.exec(line)?.[1] ?? 1), 0);
}

/** @param {Target} target */
function zinetdHandler({ handler, user, relayedTo }) {
  if (relayedTo) return `    redirect: "tcp://127.0.0.1:${relayedTo}"\n`;
  return `${user ? `    user: ${user.name}\n` : ''}    server: ${handler}\n`;
}

/** @type {Server} */
const zinetd = {
  name: 'zinetd',
  log: 'file',
  fetch: async () => {
    const { version } = JSON.parse(readFileSync(join(OWN_ROOT, 'package.json'), 'utf8'));
    return { program: join(OWN_ROOT, 'dist/main.js'), version };
  },
  configuration: (target) => `version: 1
services:
  bench:
    listen: "tcp://127.0.0.1:${target.port}"
${zinetdHandler(target)}${target.limits === 'lifted' ? `    instances: ${AT_ONCE}\n` : ''}${target.refused ? `    no_access: [${target.refused.net}]\n` : ''}`,
  argv: (program, { file }) => [process.execPath, program, 'run', '-c', file, '--state-dir', `${file}.state`],
  refusing: { does: 'accept and close in the dispatcher: no fork', logged: zinetdRefusals },
  relays: true,
};

const XINETD_LIFTED = `  instances = UNLIMITED
  per_source = UNLIMITED
  cps = ${MANY} 1
`;

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
  ${target.relayedTo ? `redirect = 127.0.0.1 ${target.relayedTo}` : `server = ${target.handler}`}
${target.limits === 'lifted' ? XINETD_LIFTED : ''}  log_type = FILE ${target.log}
  log_on_success = PID HOST DURATION EXIT${target.relayedTo ? ' TRAFFIC' : ''}
  log_on_failure = HOST
${target.refused ? `  no_access = ${target.refused.net}\n` : ''}}
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
  relays: true,
  refusing: {
    does: 'accept, fork, look at the list in the child, close',
    logged: linesWith(/FAIL: bench address/),
  },
};

/** Where the handlers' user can enter. */
const copyOf = (/** @type {{path: string}} */ refused) => `${refused.path}.root`;

/**
 * tcpd looks into files of /etc and starts what its argv[0] names.
 *
 * @type {Server}
 */
const openbsdInetd = {
  name: 'openbsd-inetd',
  log: 'none',
  fetch: debian(
    ['openbsd-inetd', 'libwrap0', 'libnsl2', 'libevent-2.1-7', 'libbsd0', 'libmd0', 'tcpd'],
    'usr/sbin/inetd',
  ),
  configuration: (target) => {
    const { port, handler, refused } = target;
    const program = refused ? `${join(copyOf(refused), 'usr/sbin/tcpd')} ${handler}` : `${handler} handler`;
    return `127.0.0.1:${port} stream tcp4 nowait.${MANY} ${userName(target)} ${program}\n`;
  },
  argv: (program, { file, refused }) => {
    /** @type {[string, ...string[]]} */
    const argv = [program, '-i', '-R', MANY, '-q', String(BACKLOG), file];
    if (!refused) return argv;
    return withPrivateEtc(refused.path, ['env', `LD_LIBRARY_PATH=${libraryPath(copyOf(refused))}`, ...argv]);
  },
  refusing: {
    does: 'accept, fork, exec of tcpd, which reads hosts.allow and hosts.deny, and sleeps 5 s before it exits',
    prepare: async (program, { refused }) => {
      if (process.getuid?.() !== 0) throw new Error('only root can give it a hosts.deny of its own');
      const files = { 'hosts.allow': '', 'hosts.deny': `ALL: ${dottedPrefix(refused)}\n` };
      await makePrivateEtc(refused.path, files);
      await cp(join(program, '../../..'), copyOf(refused), { recursive: true, verbatimSymlinks: true });
    },
    slow: { seconds: 6, timeoutMs: 10_000 },
  },
};

/** @type {Server} */
const tcpserver = {
  name: 'tcpserver',
  log: 'file',
  fetch: debian(['ucspi-tcp'], 'usr/bin/tcpserver'),
  argv: (program, { user, port, handler, limits, refused }) => [
    ...[program, '-v', '-H', '-R', '-l0'],
    ...(limits === 'lifted' ? ['-c', String(AT_ONCE), '-b', String(BACKLOG)] : []),
    ...(refused ? ['-x', refused.path] : []),
    ...(user ? ['-u', String(user.uid), '-g', String(user.gid)] : []),
    ...['127.0.0.1', String(port), handler],
  ],
  refusing: {
    does: 'accept, fork, open the cdb and look it up in the child, exit',
    prepare: async (program, { refused: { net, path } }) => {
      await writeFile(`${path}.txt`, `${dottedPrefix({ net })}:deny\n:allow\n`);
      const tcprules = join(program, '../tcprules');
      await command(['sh', '-c', '"$0" "$1" "$1.tmp" <"$1.txt"', tcprules, path]);
      await chmod(path, 0o644);
    },
    logged: linesWith(/^tcpserver: deny /),
  },
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
  argv: (program, target) => [
    program,
    ...(target.refused ? ['-i', target.refused.path] : []),
    ...tcpsvdArguments(target),
  ],
  refusing: {
    does: 'accept, fork, look for files named after the address in the child, exit',
    prepare: async (_program, { refused: { net, path } }) => {
      await mkdir(path);
      // An instruction without permissions says no; 0 is for everybody else.
      await writeFile(join(path, '0'), '', { mode: 0o644 });
      await writeFile(join(path, dottedPrefix({ net }).slice(0, -1)), '');
      await chmod(join(path, dottedPrefix({ net }).slice(0, -1)), 0);
    },
    logged: linesWith(/^tcpsvd: info: deny /),
  },
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
