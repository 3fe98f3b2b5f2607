import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

const CLIENTS = ['127.0.0.1', '127.0.0.2', '::1'];

/** Whether each of three clients is served. */
async function who({ clients, port }: Stage): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const from of CLIENTS) {
    const answer = await clients.call({ port: port(), from, to: from.includes(':') ? from : '127.0.0.1' });
    seen.push(`${from}: ${answer}`);
  }
  return seen;
}

function access(name: string, stanza: string): Case {
  return { name, stanza: `server = HANDLERS/answer\n${stanza}`, play: who };
}

/** Who may come, in every notation of addresses. */
export const ACCESS: Group = {
  title: 'access lists',
  cases: [
    access('anybody', ''),
    access('no_access', 'no_access = 127.0.0.2'),
    access('only_from', 'only_from = 127.0.0.1'),
    access('only_from_nobody', 'only_from ='),
    access('trailing_zero', 'only_from = 127.0.0.0'),
    access('all_zero', 'only_from = 0.0.0.0'),
    access('factorised', 'only_from = 127.0.0.{2,3}'),
    access('prefix', 'only_from = 127.0.0.0/31'),
    access('prefix_32', 'only_from = 127.0.0.2/32'),
    access('prefix_0', 'only_from = 0.0.0.0/0'),
    access('v6_literal', 'only_from = ::1'),
    access('v6_prefix', 'only_from = ::/64'),
    access('v6_all', 'only_from = ::/0'),
    access('mapped', 'only_from = ::ffff:127.0.0.2'),
    access('several', 'only_from = 127.0.0.2 ::1\nonly_from += 127.0.0.3'),
    access('added_and_taken', 'no_access = 127.0.0.1 127.0.0.2\nno_access -= 127.0.0.1'),
    access('both_match', 'only_from = 127.0.0.0/8\nno_access = 127.0.0.1'),
    access('narrower_allowed', 'only_from = 127.0.0.1\nno_access = 127.0.0.0/8'),
    access('v4_socket', 'flags = IPv4\nonly_from = 127.0.0.2'),
    access('network_name', 'only_from = testnet'),
    access('network_name_v4', 'flags = IPv4\nonly_from = testnet'),
    access('host_name', 'only_from = localhost'),
    access('host_name_v4', 'flags = IPv4\nonly_from = localhost'),
    access('domain', 'flags = IPv4\nonly_from = .test'),
  ],
};
