/**
 * How many lines of a log match.
 *
 * @param {RegExp} pattern
 * @returns {(log: string) => number}
 */
export const linesWith = (pattern) => (log) => log.split('\n').filter((line) => pattern.test(line)).length;

/**
 * `127.77.` for 127.77.0.0/16: how the older languages of rules write a network.
 *
 * @param {{net: string}} refused
 */
export const dottedPrefix = ({ net }) => `${net.split('.').slice(0, 2).join('.')}.`;

/** @param {import('./server.d.mts').Target} target */
export const userName = ({ user }) => user?.name ?? process.env['USER'] ?? 'root';
