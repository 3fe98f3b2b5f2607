import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

async function one({ clients, port }: Stage): Promise<readonly string[]> {
  return [await clients.call({ port: port() })];
}

const SUCCESS = [
  'PID',
  'HOST',
  'EXIT',
  'DURATION',
  'PID HOST',
  'PID EXIT',
  'HOST DURATION',
  'PID HOST EXIT DURATION',
];
const FAILURE = ['HOST', 'ATTEMPT', 'HOST ATTEMPT'];

function nameOf(flags: string): string {
  return flags.toLowerCase().replaceAll(' ', '_');
}

function success(flags: string): Case {
  return { name: `success_${nameOf(flags)}`, stanza: `log_on_success = ${flags}`, play: one };
}

function failure(flags: string): Case {
  const stanza = `log_on_failure = ${flags}\nmax_load = 0.0001`;
  return { name: `failure_${nameOf(flags)}`, stanza, play: one };
}

/** What is in the log, for each combination. */
export const RECORDS: Group = {
  title: 'records',
  cases: [
    ...SUCCESS.map(success),
    ...FAILURE.map(failure),
    { name: 'success_unset', stanza: '-log_on_success', play: one },
    { name: 'failure_unset', stanza: '-log_on_failure\nmax_load = 0.0001', play: one },
    { name: 'no_log_type', stanza: '-log_type', play: one },
    {
      name: 'denied_alone',
      stanza: '-log_on_success\nno_access = 127.0.0.1',
      play: one,
    },
    {
      name: 'denied',
      stanza: 'no_access = 127.0.0.1',
      play: one,
    },
    {
      name: 'denied_after_data',
      stanza: 'no_access = 127.0.0.1',
      // What was sent may come before the connection is closed, which resets it then, or after.
      play: async ({ clients, port }) => [await clients.text({ port: port(), send: 'data' })],
    },
    { name: 'status', stanza: 'server = HANDLERS/exit-status\nserver_args = 3', play: one },
    {
      name: 'signal',
      stanza: 'server = HANDLERS/sleeper',
      play: async ({ clients, port }) => {
        const pid = Number((await clients.open('signal', { port: port(), until: '\n' })).match(/\d+/)?.[0]);
        process.kill(pid, 'SIGKILL');
        return [await clients.read('signal')];
      },
    },
    { name: 'by_name', stanza: 'id = by_id', play: one },
  ],
};
