import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

const TARGETS = ['127.0.0.1', '127.0.0.2', '::1'];

async function everywhere({ clients, port }: Stage): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const to of TARGETS) seen.push(`${to}: ${await clients.call({ port: port(), to })}`);
  return seen;
}

function listening(name: string, stanza: string): Case {
  return { name, stanza, play: everywhere };
}

/** Where services listen. */
export const FAMILIES: Group = {
  title: 'families and addresses',
  cases: [
    listening('default_family', ''),
    listening('ipv4', 'flags = IPv4'),
    listening('ipv6', 'flags = IPv6'),
    listening('v6only', 'v6only = yes'),
    listening('v6only_no', 'v6only = no'),
    listening('bind_v4', 'bind = 127.0.0.2'),
    listening('bind_v6', 'bind = ::1'),
    listening('bind_any_v4', 'bind = 0.0.0.0'),
    listening('bind_any_v6', 'bind = ::'),
    listening('interface', 'interface = 127.0.0.1'),
    listening('bind_name', 'bind = localhost'),
    {
      name: 'listed',
      stanza: '-type\n-port',
      play: async ({ clients }) => [await clients.call({ port: 7777 })],
    },
    {
      name: 'listed_with_port',
      stanza: '-type\nport = 7778',
      play: async ({ clients }) => [await clients.call({ port: 7778 })],
    },
    { name: 'other_port', stanza: '-type', play: everywhere },
  ],
};
