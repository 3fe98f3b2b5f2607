import type { Case, Stage } from '../case.ts';
import type { Group } from '../group.ts';

/** A client that goes on sending: one that does not is of another family to xinetd's handlers. */
async function both({ clients, port }: Stage): Promise<readonly string[]> {
  return [
    await clients.call({ port: port(), halfClose: false }),
    await clients.call({ port: port(), halfClose: false, to: '::1' }),
  ];
}

function connection(name: string, flags: string): Case {
  const stanza = flags === '' ? '' : `flags = ${flags}`;
  return { name, stanza: `server = HANDLERS/connection\n${stanza}`, play: both };
}

/** The connection that a handler gets. */
export const CONNECTIONS: Group = {
  title: 'connections',
  cases: [
    connection('as_it_is', ''),
    connection('keepalive', 'KEEPALIVE'),
    connection('nodelay', 'NODELAY'),
    connection('both_options', 'KEEPALIVE NODELAY'),
    connection('of_ipv4', 'IPv4'),
    connection('of_ipv6', 'IPv6'),
    connection('other_flags', 'REUSE NORETRY'),
  ],
};
