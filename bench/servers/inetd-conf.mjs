import { MANY } from './lifted.mjs';
import { makePrivateEtc } from './private-etc.mjs';
import { userName } from './rules.mjs';

/** @typedef {import('./server.d.mts').Target} Target */

/**
 * The line of an inetd.conf. A built-in service has a name in place of a port, and is another one by another name.
 *
 * @param {Target} target
 * @param {{program: string, protocols: {stream: string, dgram: string}, most?: string}} options
 */
export function inetdLine(target, { program, protocols, most = `.${MANY}` }) {
  const { port, builtin, datagrams } = target;
  const where = `127.0.0.1:${builtin ?? port}`;
  const how = datagrams ? ['dgram', protocols.dgram, 'wait'] : ['stream', protocols.stream, `nowait${most}`];
  return `${[where, ...how, builtin ? 'root' : userName(target), builtin ? 'internal' : program].join(' ')}\n`;
}

/** @param {Target} target */
export const privateEtcOf = ({ file }) => `${file}.etc`;

/**
 * An /etc in which the name of a built-in service is that of our port.
 *
 * @param {Target} target
 * @param {Record<string, string>} [files] that it has besides
 */
export async function giveServices(target, files = {}) {
  if (process.getuid?.() !== 0) throw new Error('only root can give it an /etc of its own');
  const services = target.builtin ? { services: `${target.builtin}\t${target.port}/tcp\n` } : {};
  await makePrivateEtc(privateEtcOf(target), { ...services, ...files });
}
