import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

async function two({ clients, port }: Stage): Promise<readonly string[]> {
  return [await clients.call({ port: port() }), await clients.call({ port: port(), from: '127.0.0.2' })];
}

function wrapped(name: string, stanza: string): Case {
  return { name, stanza: `server = HANDLERS/answer\n${stanza}`, play: two };
}

/** What tcp_wrappers say: the daemon's name is that of the program. */
export const LIBWRAP: Group = {
  title: 'tcp wrappers',
  files: {
    '/etc/hosts.allow': 'answer echo: 127.0.0.1\nby_id: ALL\nnamed: 127.0.0.2\ndiscard: 127.0.0.2\n',
    '/etc/hosts.deny': 'ALL: ALL\n',
  },
  cases: [
    wrapped('by_program', ''),
    wrapped('by_id', ''),
    wrapped('libwrap', 'libwrap = named'),
    wrapped('by_argument', 'flags = NAMEINARGS\nserver_args = named'),
    wrapped('nolibwrap', 'flags = NOLIBWRAP'),
    wrapped('with_list', 'no_access = 127.0.0.1'),
    { name: 'discard', stanza: 'type = INTERNAL UNLISTED\n-server', play: two },
  ],
};
