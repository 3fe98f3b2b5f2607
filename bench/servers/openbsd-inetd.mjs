import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { debian, libraryPath } from './debian.mjs';
import { giveServices, inetdLine, privateEtcOf } from './inetd-conf.mjs';
import { BACKLOG, MANY } from './lifted.mjs';
import { withPrivateEtc } from './private-etc.mjs';
import { dottedPrefix } from './rules.mjs';

/** @typedef {import('./server.d.mts').Target} Target */

const PACKAGES = ['openbsd-inetd', 'libwrap0', 'libnsl2', 'libevent-2.1-7', 'libbsd0', 'libmd0', 'tcpd'];
const PROTOCOLS = { stream: 'tcp4', dgram: 'udp4' };

/** Where the handlers' user can enter. */
const copyOf = (/** @type {import('./server.d.mts').Refused} */ refused) => `${refused.path}.root`;

/** @param {Target} target */
function programOf({ handler, refused }) {
  return refused ? `${join(copyOf(refused), 'usr/sbin/tcpd')} ${handler}` : `${handler} handler`;
}

/**
 * @param {string} program
 * @param {Target} target
 */
async function prepare(program, target) {
  const { refused, builtin } = target;
  if (builtin) await giveServices(target);
  if (!refused) return;
  await giveServices(target, { 'hosts.allow': '', 'hosts.deny': `ALL: ${dottedPrefix(refused)}\n` });
  await cp(join(program, '../../..'), copyOf(refused), { recursive: true, verbatimSymlinks: true });
}

/**
 * tcpd looks into files of /etc and starts what its argv[0] names.
 *
 * @type {import('./server.d.mts').Server}
 */
export const openbsdInetd = {
  name: 'openbsd-inetd',
  log: 'none',
  fetch: debian(PACKAGES, 'usr/sbin/inetd'),
  prepare,
  configuration: (target) => inetdLine(target, { program: programOf(target), protocols: PROTOCOLS }),
  argv: (program, target) => {
    const { file, refused, builtin } = target;
    /** @type {[string, ...string[]]} */
    const argv = [program, '-i', '-R', MANY, '-q', String(BACKLOG), file];
    if (!refused && !builtin) return argv;
    const libraries = refused ? [`LD_LIBRARY_PATH=${libraryPath(copyOf(refused))}`] : [];
    return withPrivateEtc(privateEtcOf(target), ['env', ...libraries, ...argv]);
  },
  refusing: {
    does: 'accept, fork, exec of tcpd, which reads hosts.allow and hosts.deny, and sleeps 5 s before it exits',
    slow: { seconds: 6, timeoutMs: 10_000 },
  },
};
