import { busybox } from './busybox.mjs';
import { busyboxInetd } from './busybox-inetd.mjs';
import { ipsvd } from './ipsvd.mjs';
import { openbsdInetd } from './openbsd-inetd.mjs';
import { tcpserver } from './tcpserver.mjs';
import { xinetd } from './xinetd.mjs';
import { plainZinetd, zinetd } from './zinetd.mjs';

/** In the order of the tables.
 *
 * @type {readonly import('./server.d.mts').Server[]}
 */
export const SERVERS = [zinetd, plainZinetd, xinetd, openbsdInetd, tcpserver, ipsvd, busybox, busyboxInetd];
