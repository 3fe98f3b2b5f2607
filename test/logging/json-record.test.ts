import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { SAMPLE_EVENTS, SAMPLE_PEER } from './sample-events.ts';

const EPOCH_MS = Date.UTC(2026, 0, 9, 2, 35, 3, 7);
const TIME = '"time":"2026-01-09T02:35:03.007Z"';
const PEER = '"peer":{"address":"192.0.2.7","port":40001}';
const USAGE = '"duration_ms":2999,"user_us":1200,"system_us":800,"max_rss_kb":2048';

const GOLDEN = `
{${TIME},"level":"info","event":"started","service":"echo",${PEER},"pid":4242}
{${TIME},"level":"warning","event":"refused","service":"echo","peer":{"address":"fe80::1","port":40002,"scope_id":3},"reason":"service_limit","check":{"name":"instances","detail":"50 of 50 running"}}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"fork","step":"clone","error":"EAGAIN"}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"exec_failed","step":"exec","error":"ENOENT"}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"drop_failed:setgroups","step":"setgroups","error":"EPERM"}
{${TIME},"level":"error","event":"failed","service":"echo",${PEER},"reason":"service_limit","step":"cap"}
{${TIME},"level":"info","event":"exited","service":"echo",${PEER},"pid":4242,"status":3,${USAGE}}
{${TIME},"level":"info","event":"exited","service":"echo",${PEER},"pid":4242,"signal":9,${USAGE}}
{${TIME},"level":"info","event":"listening","service":"echo","local":{"address":"127.0.0.1","port":7000},"message":"echo listens on tcp://127.0.0.1:7000"}
{${TIME},"level":"error","event":"listen-failed","service":"echo","local":{"address":"fe80::1","port":79,"scope_id":3},"error":"EADDRINUSE","message":"Cannot listen on tcp://[fe80::1]:79 for echo: EADDRINUSE"}
{${TIME},"level":"info","event":"ready","services":1,"adopted":2,"message":"Ready with 1 service, 2 handlers taken over"}
{${TIME},"level":"warning","event":"paused","service":"echo","reason":"EMFILE","retry_ms":1000,"message":"echo accepts nothing for 1000 ms: EMFILE"}
{${TIME},"level":"info","event":"resumed","service":"echo","message":"echo accepts again"}
{${TIME},"level":"warning","event":"sandbox-lacks","feature":"Landlock","consequence":"the dispatcher can read what its user can","message":"The sandbox lacks Landlock: the dispatcher can read what its user can"}
{${TIME},"level":"error","event":"request-refused","request":"launch","error":"ESTALE","message":"The spawner refused a request \\"launch\\": ESTALE"}
{${TIME},"level":"warning","event":"reload-unsupported","message":"Cannot reload: this version has no reload, the configuration stays as it is"}
{${TIME},"level":"info","event":"stopping","running":1,"message":"Stopping with 1 handler running"}
{${TIME},"level":"info","event":"stopped","killed":0,"message":"Stopped"}
{${TIME},"level":"error","event":"spawner-gone","message":"The spawner is gone: the dispatcher ends, handlers finish"}
{${TIME},"level":"warning","event":"records-lost","count":12,"message":"Lost 12 log records here: the log took none for a while"}
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
        const trace = [{ check: 'access', passed: false, detail }];
        const verdict = { admitted: false, reason: 'address', trace } as const;
        const line = render({ type: 'refused', service, peer: SAMPLE_PEER, verdict }, EPOCH_MS);
        expect(line).toMatch(/^[ -~]*\n$/);
        expect(JSON.parse(line)).toMatchObject({ service, check: { name: 'access', detail } });
      }),
    );
  });
});
