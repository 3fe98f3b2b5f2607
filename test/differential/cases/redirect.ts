import type { Group } from '../group.ts';

/** Connections that are passed on. */
export const REDIRECT: Group = {
  title: 'redirect',
  cases: [
    {
      name: 'passed_on',
      stanza:
        '-server\nredirect = 127.0.0.1 PORT_OF_backend\nlog_on_success = PID HOST EXIT DURATION TRAFFIC',
      others: { backend: 'server = HANDLERS/sized' },
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), send: 'hello', halfClose: false }),
      ],
    },
    {
      name: 'half_closed',
      stanza:
        '-server\nredirect = 127.0.0.1 PORT_OF_late_backend\nlog_on_success = PID HOST EXIT DURATION TRAFFIC',
      // Whether it can still answer is a matter of chance, where nobody listens any more.
      others: { late_backend: 'log_on_success = PID HOST' },
      play: async ({ clients, port }) => [await clients.call({ port: port(), send: 'hello' })],
    },
    {
      name: 'dead_target',
      stanza: '-server\nredirect = 127.0.0.1 1\nlog_on_success = PID HOST EXIT DURATION TRAFFIC',
      play: async ({ clients, port }) => [await clients.call({ port: port() })],
    },
    {
      name: 'target_by_name',
      stanza: '-server\nredirect = localhost PORT_OF_backend',
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), send: 'hello', halfClose: false }),
      ],
    },
    {
      name: 'target_v6',
      stanza: '-server\nredirect = ::1 PORT_OF_backend',
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), send: 'hello', halfClose: false }),
      ],
    },
    {
      name: 'denied',
      stanza:
        '-server\nredirect = 127.0.0.1 PORT_OF_backend\nlog_on_success = PID HOST EXIT DURATION TRAFFIC\nno_access = 127.0.0.1',
      play: async ({ clients, port }) => [await clients.call({ port: port() })],
    },
  ],
};
