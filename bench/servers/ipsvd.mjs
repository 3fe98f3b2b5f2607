import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debian } from './debian.mjs';
import { dottedPrefix, linesWith } from './rules.mjs';
import { tcpsvdArguments } from './tcpsvd-arguments.mjs';

/**
 * The handler has the socket of one client, connected, and the server waits for it.
 *
 * @param {string} program
 * @param {import('./server.d.mts').Target} target
 * @returns {[string, ...string[]]}
 */
function udpsvd(program, { user, port, handler }) {
  const path = join(program, '../udpsvd');
  const own = ['-v', '-l', 'localhost', ...(user ? ['-u', user.name] : [])];
  return [path, ...own, '127.0.0.1', String(port), handler];
}

/** @type {import('./server.d.mts').Server} */
export const ipsvd = {
  name: 'ipsvd',
  log: 'file',
  fetch: debian(['ipsvd'], 'usr/bin/tcpsvd'),
  argv: (program, target) => {
    if (target.datagrams) return udpsvd(program, target);
    const rules = target.refused ? ['-i', target.refused.path] : [];
    return [program, ...rules, ...tcpsvdArguments(target)];
  },
  prepare: async (_program, { refused }) => {
    if (!refused) return;
    const denied = join(refused.path, dottedPrefix(refused).slice(0, -1));
    await mkdir(refused.path);
    // An instruction without permissions says no; 0 is for everybody else.
    await writeFile(join(refused.path, '0'), '', { mode: 0o644 });
    await writeFile(denied, '');
    await chmod(denied, 0);
  },
  refusing: {
    does: 'accept, fork, look for files named after the address in the child, exit',
    logged: linesWith(/^tcpsvd: info: deny /),
  },
};
