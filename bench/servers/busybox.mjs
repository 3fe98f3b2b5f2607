import { buildBusybox } from './build-busybox.mjs';
import { tcpsvdArguments } from './tcpsvd-arguments.mjs';

/** Its tcpsvd.
 *
 * @type {import('./server.d.mts').Server}
 */
export const busybox = {
  name: 'busybox',
  log: 'file',
  fetch: (where) => buildBusybox(['TCPSVD'], where),
  argv: (program, target) => [program, 'tcpsvd', ...tcpsvdArguments(target)],
};
