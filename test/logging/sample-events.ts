import type { Exit, ZinetdEvent } from '../../src/events/event.ts';
import type { Endpoint } from '../../src/model/address.ts';

const v4: Endpoint = { family: 4, bytes: Uint8Array.from([192, 0, 2, 7]), port: 40_001, scopeId: 0 };
const v6: Endpoint = {
  family: 6,
  bytes: Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
  port: 40_002,
  scopeId: 3,
};
const usage: Pick<Exit, 'durationMs' | 'userUs' | 'systemUs' | 'maxRssKb'> = {
  durationMs: 2999,
  userUs: 1200,
  systemUs: 800,
  maxRssKb: 2048,
};

/** One of each that the text of a record can differ by. */
export const SAMPLE_EVENTS: readonly ZinetdEvent[] = [
  { type: 'started', service: 'echo', peer: v4, pid: 4242 },
  {
    type: 'refused',
    service: 'echo',
    peer: v6,
    verdict: {
      admitted: false,
      reason: 'service_limit',
      trace: [
        { check: 'access', passed: true, detail: 'in 0.0.0.0/0' },
        { check: 'instances', passed: false, detail: '50 of 50 running' },
      ],
    },
  },
  { type: 'failed', service: 'echo', peer: v4, failure: { step: 'clone', code: 'EAGAIN' } },
  { type: 'failed', service: 'echo', peer: v4, failure: { step: 'exec', code: 'ENOENT' } },
  { type: 'failed', service: 'echo', peer: v4, failure: { step: 'setgroups', code: 'EPERM' } },
  { type: 'failed', service: 'echo', peer: v4, failure: { step: 'cap', code: undefined } },
  {
    type: 'exited',
    service: 'echo',
    peer: v4,
    pid: 4242,
    exit: { ...usage, status: 3, signal: undefined },
  },
  {
    type: 'exited',
    service: 'echo',
    peer: v4,
    pid: 4242,
    exit: { ...usage, status: undefined, signal: 9 },
  },
  {
    type: 'listening',
    service: 'echo',
    local: { ...v4, bytes: Uint8Array.from([127, 0, 0, 1]), port: 7000 },
  },
  { type: 'listen-failed', service: 'echo', local: { ...v6, port: 79 }, code: 'EADDRINUSE' },
  { type: 'ready', services: 1, adopted: 2 },
  { type: 'paused', service: 'echo', reason: 'EMFILE', retryMs: 1000 },
  { type: 'resumed', service: 'echo' },
  { type: 'sandbox-lacks', feature: 'Landlock', consequence: 'the dispatcher can read what its user can' },
  { type: 'request-refused', request: 'launch', code: 'ESTALE' },
  { type: 'reload-unsupported' },
  { type: 'stopping', running: 1 },
  { type: 'stopped', killed: 0 },
  { type: 'spawner-gone' },
  { type: 'records-lost', count: 12 },
];

export const SAMPLE_PEER: Endpoint = v4;
