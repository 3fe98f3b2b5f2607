import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../lib/command.mjs';
import { debian } from './debian.mjs';
import { AT_ONCE, BACKLOG } from './lifted.mjs';
import { dottedPrefix, linesWith } from './rules.mjs';

/** @type {import('./server.d.mts').Server} */
export const tcpserver = {
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
  prepare: async (program, { refused }) => {
    if (!refused) return;
    const { path } = refused;
    await writeFile(`${path}.txt`, `${dottedPrefix(refused)}:deny\n:allow\n`);
    const tcprules = join(program, '../tcprules');
    await command(['sh', '-c', '"$0" "$1" "$1.tmp" <"$1.txt"', tcprules, path]);
    await chmod(path, 0o644);
  },
  refusing: {
    does: 'accept, fork, open the cdb and look it up in the child, exit',
    logged: linesWith(/^tcpserver: deny /),
  },
};
