import { debian } from './debian.mjs';
import { giveServices, privateEtcOf } from './inetd-conf.mjs';
import { MANY } from './lifted.mjs';
import { withPrivateEtc } from './private-etc.mjs';
import { linesWith, userName } from './rules.mjs';

/** @typedef {import('./server.d.mts').Target} Target */

const LIFTED = ['instances = UNLIMITED', 'per_source = UNLIMITED', `cps = ${MANY} 1`];

/** @param {Target} target */
function work({ builtin, relayedTo, handler }) {
  if (builtin) return [];
  return relayedTo ? [`redirect = 127.0.0.1 ${relayedTo}`] : [`server = ${handler}`];
}

/** @param {Target} target */
function attributes(target) {
  const { port, builtin, datagrams, limits, log, relayedTo, refused } = target;
  return [
    `type = ${builtin ? 'INTERNAL ' : ''}UNLISTED`,
    'flags = NOLIBWRAP',
    `socket_type = ${datagrams ? 'dgram' : 'stream'}`,
    `protocol = ${datagrams ? 'udp' : 'tcp'}`,
    `wait = ${datagrams ? 'yes' : 'no'}`,
    'bind = 127.0.0.1',
    `port = ${port}`,
    `user = ${userName(target)}`,
    ...work(target),
    ...(limits === 'lifted' ? LIFTED : []),
    `log_type = FILE ${log}`,
    `log_on_success = PID HOST DURATION EXIT${relayedTo ? ' TRAFFIC' : ''}`,
    'log_on_failure = HOST',
    ...(refused ? [`no_access = ${refused.net}`] : []),
  ];
}

/**
 * The child of a built-in service asks for the name of its client, whatever the configuration says: with an /etc of ours
 * it gets none at once, and not from a name server.
 *
 * @param {Target} target
 */
const hasOwnEtc = ({ builtin }) => builtin !== undefined && process.getuid?.() === 0;

/** @type {import('./server.d.mts').Server} */
export const xinetd = {
  name: 'xinetd',
  log: 'file',
  fetch: debian(['xinetd', 'libwrap0', 'libnsl2'], 'usr/sbin/xinetd'),
  configuration: (target) =>
    `service ${target.builtin ?? 'bench'}\n{\n${attributes(target)
      .map((line) => `  ${line}\n`)
      .join('')}}\n`,
  prepare: async (_, target) => {
    if (hasOwnEtc(target)) await giveServices(target);
  },
  argv: (program, target) => {
    const { file, log } = target;
    /** @type {[string, ...string[]]} */
    const argv = [program, '-dontfork', '-f', file, '-filelog', log, '-pidfile', `${log}.pid`];
    return hasOwnEtc(target) ? withPrivateEtc(privateEtcOf(target), argv) : argv;
  },
  refusing: {
    does: 'accept, fork, look at the list in the child, close',
    logged: linesWith(/FAIL: bench address/),
  },
};
