/** What the second, third and fourth field of an entry look like in any dialect. */
const SOCKET_TYPE = /^(stream|dgram|seqpacket|raw|rdm|tli|xti|sunrpc_tcp|sunrpc_udp)([,:]|$)/;
const PROTOCOL = /^(faith\/)?(rpc\/)?(tcp|udp|unix|sctp|datagram_|circuit_|ti|\*)/;
const WAIT = /^(wait|nowait|swait|SRC)([./:]|$)/;
/** Up to the server. */
const LEAST_FIELDS = 6;

/** Whether the second field is one that only an inetd.conf has. */
export function hasSocketType(fields: readonly string[]): boolean {
  return SOCKET_TYPE.test(fields[1] ?? '') || /^(on|off)(#|$)/.test(fields[1] ?? '');
}

/** Whether these fields are an entry, whatever is wrong with it: prose in a comment is not. */
export function isEntryShaped(fields: readonly string[]): boolean {
  return (
    fields.length >= LEAST_FIELDS &&
    SOCKET_TYPE.test(fields[1] ?? '') &&
    PROTOCOL.test(fields[2] ?? '') &&
    WAIT.test(fields[3] ?? '')
  );
}
