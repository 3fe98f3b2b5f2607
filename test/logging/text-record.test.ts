import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import { refusal } from './refusal.ts';
import { SAMPLE_EVENTS, SAMPLE_PEER } from './sample-events.ts';
import { unescapeText } from './unescape-text.ts';

/** 08:05:03 in Kolkata, which is half an hour off every whole zone. */
const MORNING_MS = Date.UTC(2026, 0, 9, 2, 35, 3, 250);
const LINE = /^[ -~]*\n$/;

beforeAll(() => {
  process.env['TZ'] = 'Asia/Kolkata';
});

function render(event: ZinetdEvent, epochMs = MORNING_MS): string {
  return textRenderer()(event, epochMs) ?? '';
}

const GOLDEN = `
26/1/9@08:05:03: START: echo pid=4242 from=192.0.2.7
26/1/9@08:05:03: FAIL: echo service_limit from=fe80::1
26/1/9@08:05:03: WHY: echo from=fe80::1 check=instances policy=reject detail="50 of 50 running"
26/1/9@08:05:03: FAIL: echo connections per second from=192.0.2.7
26/1/9@08:05:03: WHY: echo from=192.0.2.7 check=none policy=reject detail=""
26/1/9@08:05:03: FAIL: echo connections per second from=192.0.2.7 repeated=41
26/1/9@08:05:03: FAIL: echo address repeated=900 sources=12
26/1/9@08:05:03: FAIL: echo address repeated=99000 sources=193+
26/1/9@08:05:03: FAIL: echo fork from=192.0.2.7 error=EAGAIN
26/1/9@08:05:03: FAIL: echo exec_failed from=192.0.2.7 error=ENOENT
26/1/9@08:05:03: FAIL: echo drop_failed:setgroups from=192.0.2.7 error=EPERM
26/1/9@08:05:03: FAIL: echo service_limit from=192.0.2.7
26/1/9@08:05:03: EXIT: echo status=3 pid=4242 duration=2(sec)
26/1/9@08:05:03: EXIT: echo signal=9 pid=4242 duration=2(sec)
26/1/9@08:05:03: TRAFFIC: echo in=5(bytes) out=70000(bytes)
26/1/9@08:05:03: EXIT: echo status=0 pid=0 duration=2(sec)
26/1/9@08:05:03: USERID: echo UNIX : joe
26/1/9@08:05:03: NOID: echo fe80::1 no server
26/1/9@08:05:03: STDERR: echo pid=4242 connection=7 "no \\x22x\\x22\\x1b: FAIL: echo address from=192.0.2.7"
26/1/9@08:05:03: STDERR: echo pid=4242 connection=7 "und so weiter bis zum \\xc3\\xbc" cut
26/1/9@08:05:03: STDERR: echo dropped=12000
26/1/9@08:05:03: INFO: echo listens on tcp://127.0.0.1:7000
26/1/9@08:05:03: INFO: echo listens on tcp://127.0.0.1:7000 no more
26/1/9@08:05:03: ERROR: Cannot listen on udp://[fe80::1]:79 for echo: EADDRINUSE, tried again in 2s
26/1/9@08:05:03: INFO: mux told 192.0.2.7 what it has
26/1/9@08:05:03: INFO: Ready with 1 service, 2 handlers taken over
26/1/9@08:05:03: ERROR: The resolver ended unexpectedly and was started again (2 times so far)
26/1/9@08:05:03: WARNING: echo accepts nothing for 1000 ms: EMFILE
26/1/9@08:05:03: INFO: echo accepts again
26/1/9@08:05:03: WARNING: Deactivating service echo due to excessive incoming connections (connections per second): accepts again in 10s
26/1/9@08:05:03: WARNING: Banned 192.0.2.7 from all services for 1m30s: crash at echo
26/1/9@08:05:03: WARNING: Banned fe80::1 from all services for ever: sensor at echo
26/1/9@08:05:03: ERROR: Cannot start the program that decides for echo: exec (ENOENT)
26/1/9@08:05:03: INFO: Worker 4242 of echo serves
26/1/9@08:05:03: WARNING: Worker 4242 of echo has ended (signal 11) after 12 connections, 2 connections ended with it
26/1/9@08:05:03: INFO: Worker 4243 of echo has ended (status 0) after 1 connection, as another one has its place
26/1/9@08:05:03: ERROR: Cannot start a worker of echo: exec (ENOENT), tried again in 1s
26/1/9@08:05:03: WARNING: Served 7 clients without limits of their own: the table of sources is full (sources.capacity)
26/1/9@08:05:03: WARNING: Cannot ban a client of echo: the table of bans is full (3 times so far)
26/1/9@08:05:03: INFO: Restored 2 bans, 1 more had expired
26/1/9@08:05:03: WARNING: Left out 1 ban of before this start: the table of bans is smaller now
26/1/9@08:05:03: WARNING: Left out 2 bans of before this start: the prefixes of "sources" are others now
26/1/9@08:05:03: ERROR: The state file is damaged: bans come from the part that is intact
26/1/9@08:05:03: ERROR: The state file is damaged: all bans in it are lost
26/1/9@08:05:03: ERROR: Cannot write the state file: ENOSPC; bans, and which services are disabled, do not outlast zinetd for now
26/1/9@08:05:03: INFO: The state file is written again
26/1/9@08:05:03: INFO: echo is registered with rpcbind as program 100002, version 1-3, tcp6 at ::.3.0
26/1/9@08:05:03: ERROR: Cannot register echo with rpcbind as program 100002, version 1, tcp6 at ::.3.0: somebody else holds this (superuser)
26/1/9@08:05:03: ERROR: Cannot unregister echo with rpcbind as program 100002, version 1-3, tcp6 at ::.3.0: it cannot be asked
26/1/9@08:05:03: WARNING: The sandbox lacks Landlock: the dispatcher can read what its user can
26/1/9@08:05:03: ERROR: The spawner refused a request "launch": ESTALE
26/1/9@08:05:03: INFO: Reloaded the configuration of 2 services; added echo; changed time
26/1/9@08:05:03: WARNING: Reloaded the configuration of 1 service; the configuration has 2 errors, "zinetd check" shows where
26/1/9@08:05:03: ERROR: Cannot reload, the running configuration stays: the new one has 2 errors
26/1/9@08:05:03: ERROR: Cannot reload, the running configuration stays: echo cannot listen on tcp://192.0.2.7:40001: another program has that address (EADDRINUSE)
26/1/9@08:05:03: ERROR: Cannot reload, the running configuration stays: restart zinetd to apply what is read at a start only (bans.capacity)
26/1/9@08:05:03: ERROR: Cannot reload, the running configuration stays: compiling took more time or memory than allowed
26/1/9@08:05:03: ERROR: Cannot reload, the running configuration stays: the machine refused (EMFILE)
26/1/9@08:05:03: ERROR: /etc/zinetd/zinetd.yaml:14:3: error[config/unknown-key]: Cannot use "instance" in service "ftp": no such setting; help: did you mean "instances"?
26/1/9@08:05:03: ERROR: Cannot log to "/var/log/echo": EROFS
26/1/9@08:05:03: INFO: Logging to "/var/log/echo" again: 3 records lost
26/1/9@08:05:03: WARNING: Log file "/var/log/echo" is beyond its soft limit with 1025 bytes
26/1/9@08:05:03: WARNING: Cannot watch "/etc/zinetd/blocked": EACCES; send HUP to zinetd after a change
26/1/9@08:05:03: INFO: State: services 2, handlers 4 running and 1 starting, sources 12, bans 3, configuration number 2, up 3h6m
26/1/9@08:05:03: INFO: State of echo: 3 of 50 running, 1 starting; 120 started, 116 ended, 2 failed, 7 refused; suspended for 8s (connections per second); tcp://192.0.2.7:7 waits (suspended, clients queue for instances); unix:///run/echo is not open (EADDRINUSE)
26/1/9@08:05:03: INFO: State of odd service: 0 running, 0 starting; 0 started, 0 ended, 0 failed, 0 refused; draining; udp://192.0.2.7:69 accepts
26/1/9@08:05:03: ERROR: The state file is damaged: which services are disabled comes from the part that is intact
26/1/9@08:05:03: ERROR: The state file is damaged: no service is disabled any more
26/1/9@08:05:03: WARNING: echo is disabled: nobody is served until it is enabled
26/1/9@08:05:03: INFO: echo is enabled again
26/1/9@08:05:03: INFO: Uid 0 asked over the control socket for ban "2001:db8::/64": done
26/1/9@08:05:03: INFO: Uid 1000 asked over the control socket for stop: done
26/1/9@08:05:03: WARNING: Let 1 visitor of a control socket go (uid 0): no whole request came in time
26/1/9@08:05:03: WARNING: Let 12 visitors of a control socket go (uid 1000): there were too many others
26/1/9@08:05:03: INFO: A newer version takes over with 3 handlers running
26/1/9@08:05:03: INFO: Version 0.2.0 has taken over
26/1/9@08:05:03: ERROR: Cannot upgrade, the running version stays: its spawner does not take over: cannot\\x0aread
26/1/9@08:05:03: INFO: Stopping with 1 handler running
26/1/9@08:05:03: INFO: Stopped
26/1/9@08:05:03: INFO: Stopped, 2 handlers running on
26/1/9@08:05:03: ERROR: The spawner is gone: the dispatcher ends, handlers finish
26/1/9@08:05:03: ERROR: The dispatcher cannot go on: InvariantError: Spent a ticket twice at dist/supervise/ledger.js:20:41 (this is a bug in zinetd, please report it)
26/1/9@08:05:03: WARNING: Lost 12 log records here: the log took none for a while
26/1/9@08:05:03: WARNING: Another file is in the place of the program of echo than at the start
26/1/9@08:05:03: ERROR: The dispatcher ended unexpectedly and was started again (1 time so far)
26/1/9@08:05:03: WARNING: Dropped 5 datagrams for echo: others came in between, or the sender has no port to be answered at
26/1/9@08:05:03: WARNING: Handlers of echo end at once and take nothing out of its socket: at most one a second is started, the next in 990 ms
26/1/9@08:05:03: WARNING: Logging to "/var/log/echo" ended: 2 records lost that had not gone out
`;

describe('textRenderer', () => {
  it('writes every event in the record shapes of xinetd, in local time', () => {
    expect(`\n${SAMPLE_EVENTS.map((event) => render(event)).join('')}`).toBe(GOLDEN);
  });

  it('takes the second anew when it changes, forwards and backwards', () => {
    const rendered = textRenderer();
    const times = [MORNING_MS, MORNING_MS + 749, MORNING_MS + 750, MORNING_MS - 251];
    const prefixes = times.map((time) => rendered({ type: 'resumed', service: 'a' }, time)?.split(': ')[0]);
    expect(prefixes).toEqual(['26/1/9@08:05:03', '26/1/9@08:05:03', '26/1/9@08:05:04', '26/1/9@08:05:02']);
  });

  it('keeps a format directive in a name as it is (S99)', () => {
    expect(render({ type: 'started', service: '%s%n%d', peer: SAMPLE_PEER, pid: 1 })).toContain(
      'START: %s%n%d pid=1 from=',
    );
  });

  it('makes two printable lines of any service and reason, from which the service can be read back (S116)', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constant('a\nFAIL: b'),
    );
    fc.assert(
      fc.property(anyText, anyText, (service, note) => {
        const verdict = refusal('decision', [{ check: 'decide', passed: false, note }]);
        const text = render({ type: 'refused', service, peer: SAMPLE_PEER, verdict });
        const [line = '', why = ''] = text.split(/(?<=\n)/);
        expect(line).toMatch(LINE);
        expect(why).toMatch(LINE);
        const [, id = ''] = /@\S+ FAIL: (\S*) decision from=192\.0\.2\.7\n$/.exec(line) ?? [];
        expect(unescapeText(id)).toBe(service);
      }),
    );
  });

  it('makes one printable line of a sentence with any text in it (S116)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (reason) => {
        const line = render({ type: 'paused', service: 'echo', reason, retryMs: 1 });
        expect(line).toMatch(LINE);
        const sentence = unescapeText(line.slice(line.indexOf('echo'), -1));
        expect(sentence).toBe(`echo accepts nothing for 1 ms: ${reason}`);
      }),
    );
  });
});
