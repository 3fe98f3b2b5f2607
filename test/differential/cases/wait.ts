import type { Group } from '../group.ts';

const DGRAM =
  'socket_type = dgram\nprotocol = udp\nwait = yes\nserver = HANDLERS/datagrams\nserver_args = 300';
const STREAM = 'wait = yes\nserver = HANDLERS/acceptor\nserver_args = 300';

function hidePid(told: string): string {
  return told.replace(/"\d+/, '"PID');
}

/** Servers that get the socket itself. */
export const WAIT: Group = {
  title: 'wait services',
  cases: [
    {
      name: 'datagrams',
      stanza: DGRAM,
      play: async ({ clients, port }) => [
        hidePid(await clients.send({ port: port(), send: 'one' })),
        hidePid(await clients.send({ port: port(), send: 'two' })),
      ],
    },
    {
      name: 'datagrams_denied',
      stanza: `${DGRAM}\nno_access = 127.0.0.1`,
      play: async ({ clients, port }) => [
        await clients.send({ port: port(), send: 'one', patience: 0.3 }),
        hidePid(await clients.send({ port: port(), send: 'two', from: '127.0.0.2' })),
      ],
    },
    {
      name: 'stream',
      stanza: STREAM,
      play: async ({ clients, port }) => [
        hidePid(await clients.call({ port: port() })),
        hidePid(await clients.call({ port: port(), from: '127.0.0.2' })),
      ],
    },
    {
      name: 'stream_list',
      stanza: `${STREAM}\nno_access = 127.0.0.1`,
      play: async ({ clients, port }) => [hidePid(await clients.call({ port: port() }))],
    },
    {
      name: 'waiting_environment',
      stanza: 'wait = yes\nserver = HANDLERS/accepting-env',
      play: async ({ clients, port }) => [await clients.call({ port: port() })],
    },
  ],
};
