import { buildBusybox } from './build-busybox.mjs';
import { giveServices, inetdLine, privateEtcOf } from './inetd-conf.mjs';
import { BACKLOG } from './lifted.mjs';
import { withPrivateEtc } from './private-etc.mjs';

const APPLETS = ['INETD', 'FEATURE_INETD_SUPPORT_BUILTIN_ECHO'];
const PROTOCOLS = { stream: 'tcp', dgram: 'udp' };

/** It logs what goes wrong only, to syslog.
 *
 * @type {import('./server.d.mts').Server}
 */
export const busyboxInetd = {
  name: 'busybox inetd',
  log: 'none',
  fetch: (where) => buildBusybox(APPLETS, where),
  prepare: async (_, target) => {
    if (target.builtin) await giveServices(target);
  },
  configuration: (target) =>
    inetdLine(target, { program: `${target.handler} handler`, protocols: PROTOCOLS, most: '' }),
  argv: (program, target) => {
    /** @type {[string, ...string[]]} */
    const argv = [program, 'inetd', '-f', '-R', '0', '-q', String(BACKLOG), target.file];
    return target.builtin ? withPrivateEtc(privateEtcOf(target), argv) : argv;
  },
};
