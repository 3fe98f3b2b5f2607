import type { Case } from '../case.ts';
import type { Group } from '../group.ts';

const MUX = '-port\nlog_on_success = PID';

/** A question to the mux itself, whose service stands apart. */
function ask(name: string, options: { readonly send: string; readonly stanza: string }): Case {
  return {
    name,
    stanza: `${MUX}\n${options.stanza}`,
    play: async ({ clients, port }) => [await clients.call({ port: port('tcpmux'), send: options.send })],
  };
}

/** TCPMUX: services by name on one port. */
export const TCPMUX: Group = {
  title: 'tcpmux',
  cases: [
    {
      name: 'tcpmux',
      stanza: 'type = INTERNAL UNLISTED\n-server\nuser = root',
      play: async ({ clients, port }) => [
        await clients.call({ port: port(), send: 'nosuch\r\n' }),
        await clients.call({ port: port(), send: 'tcpmux\r\n' }),
        await clients.call({ port: port(), send: '' }),
      ],
    },
    ask('mux_own', { send: 'mux_own\r\n', stanza: 'type = TCPMUX UNLISTED\nserver = HANDLERS/answer' }),
    ask('mux_plus', { send: 'mux_plus\r\n', stanza: 'type = TCPMUXPLUS UNLISTED\nserver = HANDLERS/answer' }),
    ask('mux_case', { send: 'MUX_Case\r\n', stanza: 'type = TCPMUXPLUS UNLISTED\nserver = HANDLERS/answer' }),
    ask('mux_denied', {
      send: 'mux_denied\r\n',
      stanza: 'type = TCPMUXPLUS UNLISTED\nserver = HANDLERS/answer\nno_access = 127.0.0.1',
    }),
  ],
};
