import { AT_ONCE, BACKLOG } from './lifted.mjs';

/**
 * The two programs of this name take the same options.
 *
 * @param {import('./server.d.mts').Target} target
 */
export const tcpsvdArguments = ({ user, port, handler }) => [
  ...['-v', '-l', 'localhost', '-c', String(AT_ONCE), '-b', String(BACKLOG)],
  ...(user ? ['-u', user.name] : []),
  ...['127.0.0.1', String(port), handler],
];
