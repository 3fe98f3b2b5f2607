import type { Group } from '../group.ts';

const SENSOR = 'type = INTERNAL UNLISTED\nflags = SENSOR\n-server\n-user';

/** Services that are traps. */
export const SENSORS: Group = {
  title: 'sensors',
  cases: [
    {
      name: 'never',
      stanza: `${SENSOR}\ndeny_time = NEVER`,
      others: { after_never: '' },
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), from: '127.0.0.4' }),
        await clients.call({ port: port('after_never'), from: '127.0.0.4' }),
      ],
    },
    {
      name: 'trap',
      stanza: `${SENSOR}\ndeny_time = 5`,
      others: { after: '', echo: 'type = INTERNAL UNLISTED\n-server\n-user' },
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), from: '127.0.0.5' }),
        await clients.call({ port: port('after'), from: '127.0.0.5' }),
        await clients.call({ port: port('echo'), from: '127.0.0.5' }),
        await clients.call({ port: port('after'), from: '127.0.0.6' }),
        await clients.call({ port: port(), from: '127.0.0.5' }),
      ],
    },
    {
      name: 'forever',
      stanza: `${SENSOR}\ndeny_time = FOREVER`,
      others: { after_forever: '' },
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), from: '127.0.0.7' }),
        await clients.call({ port: port('after_forever'), from: '127.0.0.7' }),
      ],
    },
  ],
};
