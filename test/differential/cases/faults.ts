import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

async function one({ clients, port }: Stage): Promise<readonly string[]> {
  return [await clients.call({ port: port() })];
}

function fault(name: string, stanza: string): Case {
  return {
    name,
    stanza: `${stanza.includes('-server') ? '' : 'server = HANDLERS/answer\n'}${stanza}`,
    play: one,
  };
}

/** What is wrong with a stanza, and whether it is served all the same. */
export const FAULTS: Group = {
  title: 'faulty stanzas',
  cases: [
    fault('no_user', '-user'),
    fault('no_wait', '-wait'),
    fault('no_socket_type', '-socket_type'),
    fault('no_protocol', '-protocol'),
    fault('no_port', '-port'),
    fault('no_server', '-server'),
    fault('unknown_user', 'user = nosuchuser'),
    fault('unknown_group', 'group = nosuchgroup'),
    fault('unknown_attribute', 'nosuch = 1'),
    fault('unknown_flag', 'flags = KEEPALIVE NOSUCH'),
    fault('unknown_type', 'type = UNLISTED NOSUCH'),
    fault('unknown_log_flag', 'log_on_success = PID NOSUCH'),
    fault('twice', 'nice = 3\nnice = 4'),
    fault('too_many_values', 'nice = 3 4'),
    fault('too_few_values', 'nice ='),
    fault('not_a_number', 'nice = abc'),
    fault('no_operator', 'nice 3'),
    fault('no_blanks', 'nice=3'),
    fault('wrong_operator', 'server_args += a'),
    fault('bad_umask', 'umask = 088'),
    fault('bad_limit', 'rlimit_as = 5x'),
    fault('bad_instances', 'instances = -1'),
    fault('bad_cps', 'cps = 10'),
    fault('bad_times', 'access_times = 00:00-24:00'),
    fault('over_midnight', 'access_times = 22:00-06:00'),
    fault('bad_env', 'env = NOVALUE'),
    fault('comma', 'only_from = 127.0.0.1,127.0.0.2'),
    fault('bad_address', 'only_from = 300.1.1.1'),
    fault('bad_disable', 'disable = maybe'),
    fault('disabled_fault', 'disable = yes\nnice = abc'),
    fault('traffic_alone', 'log_on_success = TRAFFIC'),
    fault('deny_time_alone', 'deny_time = 5'),
    fault('capitals', 'NICE = 3\nFLAGS = keepalive'),
    fault('not_listed', '-type'),
  ],
};
