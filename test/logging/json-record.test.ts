import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { refusal } from './refusal.ts';
import { SAMPLE_EVENTS, SAMPLE_PEER } from './sample-events.ts';

const EPOCH_MS = Date.UTC(2026, 0, 9, 2, 35, 3, 7);
const TIME = '"time":"2026-01-09T02:35:03.007Z"';
const PEER = '"peer":{"address":"192.0.2.7","port":40001}';
const USAGE = '"duration_ms":2999,"user_us":1200,"system_us":800,"max_rss_kb":2048';

const GOLDEN = `
{${TIME},"level":"info","event":"started","service":"echo",${PEER},"pid":4242}
{${TIME},"level":"warning","event":"refused","service":"echo","peer":{"address":"fe80::1","port":40002,"scope_id":3},"reason":"service_limit","policy":"reject","check":{"name":"instances","passed":false,"detail":"50 of 50 running","count":50,"limit":50},"trace":[{"name":"access","passed":true,"detail":"allowed by a rule","rule":{"text":"::/0","file":"/etc/zinetd.yaml","line":7}},{"name":"instances","passed":false,"detail":"50 of 50 running","count":50,"limit":50}]}
{${TIME},"level":"warning","event":"refused","service":"echo",${PEER},"reason":"connections_per_second","policy":"reject","trace":[]}
{${TIME},"level":"warning","event":"refused-more","service":"echo","peer":{"address":"192.0.2.7"},"reason":"connections_per_second","count":41,"sources":1,"duration_ms":10000}
{${TIME},"level":"warning","event":"refused-more","service":"echo","reason":"address","count":900,"sources":12,"duration_ms":10000}
{${TIME},"level":"warning","event":"refused-more","service":"echo","reason":"address","count":99000,"sources":193,"more_sources":true,"duration_ms":20000}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"fork","step":"clone","error":"EAGAIN"}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"exec_failed","step":"exec","error":"ENOENT"}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"drop_failed:setgroups","step":"setgroups","error":"EPERM"}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"service_limit","step":"cap"}
{${TIME},"level":"info","event":"exited","service":"echo",${PEER},"pid":4242,"status":3,${USAGE}}
{${TIME},"level":"info","event":"exited","service":"echo",${PEER},"pid":4242,"signal":9,${USAGE}}
{${TIME},"level":"info","event":"exited","service":"echo",${PEER},"end":"done",${USAGE},"in_bytes":5,"out_bytes":70000}
{${TIME},"level":"info","event":"identified","service":"echo",${PEER},"system":"UNIX","user":"joe"}
{${TIME},"level":"info","event":"unidentified","service":"echo","peer":{"address":"fe80::1","port":40002,"scope_id":3},"reason":"no server"}
{${TIME},"level":"info","event":"stderr","service":"echo","connection":7,"pid":4242,"text":"no \\"x\\"\\u001b: FAIL: echo address from=192.0.2.7"}
{${TIME},"level":"info","event":"stderr","service":"echo","connection":7,"pid":4242,"text":"und so weiter bis zum \\u00fc","cut":true}
{${TIME},"level":"warning","event":"stderr-dropped","service":"echo","count":12000}
{${TIME},"level":"info","event":"listening","service":"echo","local":{"scheme":"tcp","address":"127.0.0.1","port":7000},"message":"echo listens on tcp://127.0.0.1:7000"}
{${TIME},"level":"info","event":"closed","service":"echo","local":{"scheme":"tcp","address":"127.0.0.1","port":7000},"message":"echo listens on tcp://127.0.0.1:7000 no more"}
{${TIME},"level":"error","event":"listen-failed","service":"echo","local":{"scheme":"udp","address":"fe80::1","port":79,"scope_id":3},"error":"EADDRINUSE","retry_ms":2000,"message":"Cannot listen on udp://[fe80::1]:79 for echo: EADDRINUSE, tried again in 2s"}
{${TIME},"level":"info","event":"answered","service":"mux",${PEER},"message":"mux told 192.0.2.7 what it has"}
{${TIME},"level":"info","event":"ready","services":1,"adopted":2,"message":"Ready with 1 service, 2 handlers taken over"}
{${TIME},"level":"error","event":"resolver-restarted","times":2,"message":"The resolver ended unexpectedly and was started again (2 times so far)"}
{${TIME},"level":"warning","event":"paused","service":"echo","reason":"EMFILE","retry_ms":1000,"message":"echo accepts nothing for 1000 ms: EMFILE"}
{${TIME},"level":"info","event":"resumed","service":"echo","message":"echo accepts again"}
{${TIME},"level":"warning","event":"suspended","service":"echo","reason":"connections per second","for_ms":10000,"message":"Deactivating service echo due to excessive incoming connections (connections per second): accepts again in 10s"}
{${TIME},"level":"warning","event":"banned","service":"echo",${PEER},"reason":"crash","for_ms":90000,"message":"Banned 192.0.2.7 from all services for 1m30s: crash at echo"}
{${TIME},"level":"warning","event":"banned","service":"echo","peer":{"address":"fe80::1","port":40002,"scope_id":3},"reason":"sensor","message":"Banned fe80::1 from all services for ever: sensor at echo"}
{${TIME},"level":"error","event":"decider-failed","service":"echo","step":"exec","error":"ENOENT","message":"Cannot start the program that decides for echo: exec (ENOENT)"}
{${TIME},"level":"info","event":"worker-started","service":"echo","pid":4242,"message":"Worker 4242 of echo serves"}
{${TIME},"level":"warning","event":"worker-exited","service":"echo","pid":4242,"signal":11,"duration_ms":2999,"given":12,"lost":2,"message":"Worker 4242 of echo has ended (signal 11) after 12 connections, 2 connections ended with it"}
{${TIME},"level":"info","event":"worker-exited","service":"echo","pid":4243,"status":0,"duration_ms":2999,"given":1,"lost":0,"end":"renewed","message":"Worker 4243 of echo has ended (status 0) after 1 connection, as another one has its place"}
{${TIME},"level":"error","event":"worker-failed","service":"echo","step":"exec","error":"ENOENT","retry_ms":1000,"message":"Cannot start a worker of echo: exec (ENOENT), tried again in 1s"}
{${TIME},"level":"warning","event":"sources-full","untracked":7,"message":"Served 7 clients without limits of their own: the table of sources is full (sources.capacity)"}
{${TIME},"level":"warning","event":"bans-full","service":"echo","unrecorded":3,"message":"Cannot ban a client of echo: the table of bans is full (3 times so far)"}
{${TIME},"level":"info","event":"bans-restored","count":2,"expired":1,"message":"Restored 2 bans, 1 more had expired"}
{${TIME},"level":"warning","event":"bans-left-out","count":1,"reason":"room","message":"Left out 1 ban of before this start: the table of bans is smaller now"}
{${TIME},"level":"warning","event":"bans-left-out","count":2,"reason":"prefixes","message":"Left out 2 bans of before this start: the prefixes of \\"sources\\" are others now"}
{${TIME},"level":"error","event":"state-damaged","slots":[1],"restored":true,"message":"The state file is damaged: bans come from the part that is intact"}
{${TIME},"level":"error","event":"state-damaged","slots":[0,1],"restored":false,"message":"The state file is damaged: all bans in it are lost"}
{${TIME},"level":"error","event":"state-failed","action":"write","error":"ENOSPC","message":"Cannot write the state file: ENOSPC; bans, and which services are disabled, do not outlast zinetd for now"}
{${TIME},"level":"info","event":"state-saved","message":"The state file is written again"}
{${TIME},"level":"info","event":"rpc-registered","service":"echo","program":100002,"versions":"1-3","netid":"tcp6","address":"::.3.0","message":"echo is registered with rpcbind as program 100002, version 1-3, tcp6 at ::.3.0"}
{${TIME},"level":"error","event":"rpc-failed","service":"echo","program":100002,"versions":"1","netid":"tcp6","address":"::.3.0","action":"register","reason":"held","error":"superuser","message":"Cannot register echo with rpcbind as program 100002, version 1, tcp6 at ::.3.0: somebody else holds this (superuser)"}
{${TIME},"level":"error","event":"rpc-failed","service":"echo","program":100002,"versions":"1-3","netid":"tcp6","address":"::.3.0","action":"unregister","reason":"unreachable","message":"Cannot unregister echo with rpcbind as program 100002, version 1-3, tcp6 at ::.3.0: it cannot be asked"}
{${TIME},"level":"warning","event":"sandbox-lacks","feature":"Landlock","consequence":"the dispatcher can read what its user can","message":"The sandbox lacks Landlock: the dispatcher can read what its user can"}
{${TIME},"level":"error","event":"request-refused","request":"launch","error":"ESTALE","message":"The spawner refused a request \\"launch\\": ESTALE"}
{${TIME},"level":"info","event":"reloaded","services":2,"added":1,"removed":0,"changed":1,"message":"Reloaded the configuration of 2 services; added echo; changed time"}
{${TIME},"level":"warning","event":"reloaded","services":1,"added":0,"removed":0,"changed":0,"errors":2,"message":"Reloaded the configuration of 1 service; the configuration has 2 errors, \\"zinetd check\\" shows where"}
{${TIME},"level":"error","event":"reload-failed","reason":"invalid","errors":2,"message":"Cannot reload, the running configuration stays: the new one has 2 errors"}
{${TIME},"level":"error","event":"reload-failed","service":"echo","reason":"listen","local":{"scheme":"tcp","address":"192.0.2.7","port":40001},"error":"EADDRINUSE","message":"Cannot reload, the running configuration stays: echo cannot listen on tcp://192.0.2.7:40001: another program has that address (EADDRINUSE)"}
{${TIME},"level":"error","event":"reload-failed","reason":"restart-needed","settings":["bans.capacity"],"message":"Cannot reload, the running configuration stays: restart zinetd to apply what is read at a start only (bans.capacity)"}
{${TIME},"level":"error","event":"reload-failed","reason":"time","message":"Cannot reload, the running configuration stays: compiling took more time or memory than allowed"}
{${TIME},"level":"error","event":"reload-failed","reason":"system","error":"EMFILE","message":"Cannot reload, the running configuration stays: the machine refused (EMFILE)"}
{${TIME},"level":"error","event":"diagnostic","severity":"error","code":"config/unknown-key","place":"/etc/zinetd/zinetd.yaml:14:3","text":"Cannot use \\"instance\\" in service \\"ftp\\": no such setting","help":"did you mean \\"instances\\"?","message":"/etc/zinetd/zinetd.yaml:14:3: error[config/unknown-key]: Cannot use \\"instance\\" in service \\"ftp\\": no such setting; help: did you mean \\"instances\\"?"}
{${TIME},"level":"error","event":"log-failed","to":"/var/log/echo","error":"EROFS","message":"Cannot log to \\"/var/log/echo\\": EROFS"}
{${TIME},"level":"info","event":"log-resumed","to":"/var/log/echo","lost":3,"message":"Logging to \\"/var/log/echo\\" again: 3 records lost"}
{${TIME},"level":"warning","event":"log-limit","to":"/var/log/echo","limit":"soft","bytes":1025,"message":"Log file \\"/var/log/echo\\" is beyond its soft limit with 1025 bytes"}
{${TIME},"level":"warning","event":"watch-failed","path":"/etc/zinetd/blocked","error":"EACCES","message":"Cannot watch \\"/etc/zinetd/blocked\\": EACCES; send HUP to zinetd after a change"}
{${TIME},"level":"info","event":"state","generation":2,"services":2,"running":4,"starting":1,"sources":12,"bans":3,"up_ms":11100000,"message":"State: services 2, handlers 4 running and 1 starting, sources 12, bans 3, configuration number 2, up 3h6m"}
{${TIME},"level":"info","event":"service-state","service":"echo","standing":"enabled","running":3,"starting":1,"instances":50,"started":120,"failed":2,"ended":116,"refused":7,"refused_for":{"address":4,"connections per second":3},"suspended":{"reason":"connections per second","for_ms":8000},"listeners":[{"scheme":"tcp","address":"192.0.2.7","port":7,"accepts":false,"pauses":["suspended","queue:instances"]},{"scheme":"unix","path":"/run/echo","accepts":false,"pauses":[],"error":"EADDRINUSE"}],"message":"State of echo: 3 of 50 running, 1 starting; 120 started, 116 ended, 2 failed, 7 refused; suspended for 8s (connections per second); tcp://192.0.2.7:7 waits (suspended, clients queue for instances); unix:///run/echo is not open (EADDRINUSE)"}
{${TIME},"level":"info","event":"service-state","service":"odd service","standing":"draining","running":0,"starting":0,"started":0,"failed":0,"ended":0,"refused":0,"refused_for":{},"listeners":[{"scheme":"udp","address":"192.0.2.7","port":69,"accepts":true,"pauses":[]}],"message":"State of odd service: 0 running, 0 starting; 0 started, 0 ended, 0 failed, 0 refused; draining; udp://192.0.2.7:69 accepts"}
{${TIME},"level":"error","event":"state-damaged","slots":[2],"restored":true,"message":"The state file is damaged: which services are disabled comes from the part that is intact"}
{${TIME},"level":"error","event":"state-damaged","slots":[2,3],"restored":false,"message":"The state file is damaged: no service is disabled any more"}
{${TIME},"level":"warning","event":"disabled","service":"echo","message":"echo is disabled: nobody is served until it is enabled"}
{${TIME},"level":"info","event":"enabled","service":"echo","message":"echo is enabled again"}
{${TIME},"level":"info","event":"controlled","method":"ban","subject":"2001:db8::/64","uid":0,"outcome":"done","message":"Uid 0 asked over the control socket for ban \\"2001:db8::/64\\": done"}
{${TIME},"level":"info","event":"controlled","method":"stop","uid":1000,"outcome":"done","message":"Uid 1000 asked over the control socket for stop: done"}
{${TIME},"level":"warning","event":"control-refused","reason":"half","uid":0,"count":1,"message":"Let 1 visitor of a control socket go (uid 0): no whole request came in time"}
{${TIME},"level":"warning","event":"control-refused","reason":"busy","uid":1000,"count":12,"message":"Let 12 visitors of a control socket go (uid 1000): there were too many others"}
{${TIME},"level":"info","event":"upgrading","running":3,"message":"A newer version takes over with 3 handlers running"}
{${TIME},"level":"info","event":"upgraded","version":"0.2.0","message":"Version 0.2.0 has taken over"}
{${TIME},"level":"error","event":"upgrade-failed","step":"try","reason":"cannot\\nread","message":"Cannot upgrade, the running version stays: its spawner does not take over: cannot\\nread"}
{${TIME},"level":"info","event":"stopping","running":1,"message":"Stopping with 1 handler running"}
{${TIME},"level":"info","event":"stopped","killed":0,"running":0,"message":"Stopped"}
{${TIME},"level":"info","event":"stopped","killed":0,"running":2,"message":"Stopped, 2 handlers running on"}
{${TIME},"level":"error","event":"spawner-gone","message":"The spawner is gone: the dispatcher ends, handlers finish"}
{${TIME},"level":"error","event":"dispatcher-crashed","error":"InvariantError: Spent a ticket twice","at":"dist/supervise/ledger.js:20:41","message":"The dispatcher cannot go on: InvariantError: Spent a ticket twice at dist/supervise/ledger.js:20:41 (this is a bug in zinetd, please report it)"}
{${TIME},"level":"warning","event":"records-lost","count":12,"message":"Lost 12 log records here: the log took none for a while"}
{${TIME},"level":"warning","event":"program-replaced","service":"echo","message":"Another file is in the place of the program of echo than at the start"}
{${TIME},"level":"error","event":"dispatcher-restarted","times":1,"message":"The dispatcher ended unexpectedly and was started again (1 time so far)"}
{${TIME},"level":"warning","event":"datagrams-dropped","service":"echo","count":5,"message":"Dropped 5 datagrams for echo: others came in between, or the sender has no port to be answered at"}
{${TIME},"level":"warning","event":"fruitless","service":"echo","retry_ms":990,"message":"Handlers of echo end at once and take nothing out of its socket: at most one a second is started, the next in 990 ms"}
{${TIME},"level":"warning","event":"log-ended","to":"/var/log/echo","lost":2,"message":"Logging to \\"/var/log/echo\\" ended: 2 records lost that had not gone out"}
`;

describe('jsonRenderer', () => {
  it('writes every event as one object a line, with the documented keys', () => {
    const render = jsonRenderer();
    expect(`\n${SAMPLE_EVENTS.map((event) => render(event, EPOCH_MS)).join('')}`).toBe(GOLDEN);
  });

  it('makes one printable line of any text, which parses back to the same value (S116)', () => {
    const render = jsonRenderer();
    const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('\u007f\u2028\ud800 __proto__'));
    fc.assert(
      fc.property(anyText, anyText, (service, detail) => {
        const verdict = refusal('decision', [{ check: 'decide', passed: false, note: detail }]);
        const line = render({ type: 'refused', service, peer: SAMPLE_PEER, verdict }, EPOCH_MS) ?? '';
        expect(line).toMatch(/^[ -~]*\n$/);
        expect(JSON.parse(line)).toMatchObject({ service, check: { name: 'decide', note: detail } });
      }),
    );
  });
});
