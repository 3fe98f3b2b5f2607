import { type Expectation, expectation } from './expectation.ts';
import { withoutDenied } from './without-denied.ts';

const { all, records, replaced, served, told, toldToo, withoutProcess } = expectation;

/** A difference that is meant. */
export interface AcceptedDifference {
  readonly title: string;
  readonly reason: string;
  /** In every case. */
  readonly always?: Expectation;
  /** By the group, and by the case in it; `*` is every case of the group. */
  readonly cases?: Readonly<Record<string, Readonly<Record<string, Expectation>>>>;
}

/** Several cases of one kind. */
function each(names: readonly string[], expect: (name: string) => Expectation): Record<string, Expectation> {
  return Object.fromEntries(names.map((name) => [name, expect(name)]));
}

const ONE = '127.0.0.1';
const TWO = '127.0.0.2';

/** At most eight; every other difference is a fault. */
export const ACCEPTED: readonly AcceptedDifference[] = [
  {
    title: 'a client of IPv4 is told as one',
    reason: 'xinetd tells what its socket for both families sees, "::ffff:127.0.0.1", which nobody looks for',
    always: replaced('::ffff:', ''),
  },
  {
    title: 'the lists are asked first, and before anything is started',
    reason:
      'xinetd asks its lists last, in the process that it has started: whom they deny counts against every limit, and is recorded as served',
    always: records((them) => withoutDenied(them, ['address', 'libwrap'])),
    cases: { limits: { denied_by_both: replaced(' time ', ' address ') } },
  },
  {
    title: 'who comes too often is refused',
    reason:
      'xinetd closes the socket, so that one client shuts everybody out, and anybody may take the port; and where a limit is 0, nobody is on the list',
    cases: {
      limits: {
        cps: all(
          replaced('5: "" refused', '5: "" end'),
          toldToo('FAIL: cps connections per second from=127.0.0.1'),
        ),
        instances_0: replaced('service_limit', 'address'),
        per_source_0: replaced('per_source_limit', 'address'),
      },
    },
  },
  {
    title: 'what zinetd serves itself has no process, and an end',
    reason:
      'built-ins and relays need no process each: their records have pid=0, as those that xinetd serves itself',
    cases: {
      'built-in services': {
        ...each(['echo', 'discard', 'daytime', 'time'], (name) => withoutProcess(name)),
        ...each(
          ['echo', 'discard', 'daytime', 'time', 'chargen'].map((name) => `${name}/dgram`),
          (name) => withoutProcess(name.replace('/', '-')),
        ),
        'echo/dgram-denied': withoutProcess('echo-dgram-denied'),
        chargen: replaced(/pid=\w+/g, 'pid=0'),
      },
      redirect: each(['passed_on', 'half_closed', 'target_by_name', 'target_v6'], (name) =>
        withoutProcess(name),
      ),
      'tcp wrappers': { discard: withoutProcess('discard') },
      'the end by SIGTERM': { echo: withoutProcess('echo') },
      'the end by SIGQUIT': { echo: withoutProcess('echo') },
    },
  },
  {
    title: 'protocols are spoken to the letter',
    reason:
      'half of a connection may end before the other, RFC 1078 has no byte NUL, and a record of tcpmux is about the service that was asked for; daytime is as ctime(3) has it',
    cases: {
      redirect: {
        dead_target: told('FAIL: dead_target redirect from=127.0.0.1'),
        half_closed: all(replaced('"" end', '"hello" end'), replaced('out=0(bytes)', 'out=5(bytes)')),
      },
      tcpmux: {
        '*': all(replaced('\\u0000', ''), replaced('Service name not found', 'Service not available')),
        tcpmux: told(
          ...['FAIL: tcpmux tcpmux_unknown from=127.0.0.1', 'FAIL: tcpmux tcpmux_unknown from=127.0.0.1'],
          'FAIL: tcpmux tcpmux_closed from=127.0.0.1',
        ),
        ...each(['mux_own', 'mux_plus', 'mux_case'], (name) => toldToo(`START: ${name} pid=P1`)),
        mux_denied: told('FAIL: mux_denied address from=127.0.0.1'),
      },
      'built-in services': each(['daytime', 'daytime/dgram'], () => replaced('DATE TIME ZONE', 'CTIME')),
    },
  },
  {
    title: 'clients are identified beside the service',
    reason:
      'a handler does not wait for the answer; text of others is escaped; who must be known and is not is refused, not served by nobody',
    cases: {
      ident: {
        ...each(['id_only_hidden', 'id_only_silent'], (name) =>
          records((them) => [
            `FAIL: ${name} unidentified from=127.0.0.1`,
            ...them.filter((record) => record.startsWith('NOID: ')),
          ]),
        ),
        unprintable: replaced('\u001b', '\\x1b'),
      },
    },
  },
  {
    title: 'handlers live through a reload, and end with zinetd',
    reason:
      'xinetd kills those of a service that is taken away, and leaves others behind, which nobody reaps or tells of, when it is terminated',
    cases: {
      'reload by SIGHUP': { removed_SIGHUP: replaced('the handler is gone', 'the handler lives') },
      'reload by SIGUSR2': { removed_SIGUSR2: replaced('the handler is gone', 'the handler lives') },
      'the end by SIGTERM': {
        '*': all(replaced('the handler lives', 'the handler is gone'), replaced('"" silence', '"" end')),
        program: toldToo('EXIT: program signal=15 pid=P1 duration=N(sec)'),
        waiting: all(
          replaced(/now: .*/g, 'now: "" refused'),
          toldToo('EXIT: waiting status=0 pid=P1 duration=N(sec)'),
        ),
      },
      'the end by SIGQUIT': { echo: replaced('"" silence', '"" end') },
    },
  },
  {
    title: 'what is written holds',
    reason:
      'xinetd keeps the group of the user beside the one that is written, is no longer privileged when it lowers a nice value, and finds no name of a network, nor of a host by its socket for both families; and handlers leave no core file unless that is written',
    cases: {
      handlers: {
        '*': replaced(/"core":\[[^\]]*\]/g, '"core":[0,0]'),
        groups: replaced('groups: [4242,65534]', 'groups: [1,4242]'),
        nice_negative: replaced('nice: 0', 'nice: -5'),
      },
      'access lists': {
        host_name: served('host_name', ONE),
        network_name: all(served('network_name', ONE), served('network_name', TWO)),
        network_name_v4: all(served('network_name_v4', ONE), served('network_name_v4', TWO)),
      },
    },
  },
];
