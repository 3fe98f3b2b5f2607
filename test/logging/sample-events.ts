import type { ZinetdEvent } from '../../src/events/event.ts';
import type { Exit } from '../../src/events/exit.ts';
import type { Endpoint } from '../../src/model/address.ts';
import type { RpcRegistration } from '../../src/model/rpc.ts';
import { refusal } from './refusal.ts';

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

const registration: RpcRegistration = {
  ...{ program: 100_002, low: 1, high: 3, netid: 'tcp6', address: '::.3.0' },
};

/** One of each that the text of a record can differ by. */
export const SAMPLE_EVENTS: readonly ZinetdEvent[] = [
  { type: 'started', service: 'echo', peer: v4, pid: 4242 },
  {
    type: 'refused',
    service: 'echo',
    peer: v6,
    verdict: refusal('service_limit', [
      { check: 'access', passed: true, rule: { text: '::/0', file: '/etc/zinetd.yaml', line: 7 } },
      { check: 'instances', passed: false, count: 50, limit: 50 },
    ]),
  },
  {
    type: 'refused',
    service: 'echo',
    peer: v4,
    verdict: refusal('connections_per_second'),
  },
  {
    type: 'refused-more',
    service: 'echo',
    reason: 'connections_per_second',
    source: v4.bytes,
    count: 41,
    ...{ sources: 1, hasMoreSources: false, durationMs: 9999.6 },
  },
  {
    type: 'refused-more',
    service: 'echo',
    reason: 'address',
    source: undefined,
    count: 900,
    ...{ sources: 12, hasMoreSources: false, durationMs: 10_000 },
  },
  {
    type: 'refused-more',
    service: 'echo',
    reason: 'address',
    source: undefined,
    count: 99_000,
    ...{ sources: 193, hasMoreSources: true, durationMs: 20_000 },
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
    ...{ type: 'exited', service: 'echo', peer: v4, pid: undefined, end: 'done' },
    exit: { ...usage, status: undefined, signal: undefined },
    traffic: { inBytes: 5, outBytes: 70_000 },
  },
  { type: 'identified', service: 'echo', peer: v4, system: 'UNIX', user: 'joe' },
  { type: 'unidentified', service: 'echo', peer: v6, why: 'no server', isDemanded: false },
  {
    ...{ type: 'stderr', service: 'echo', connection: 7, pid: 4242 },
    ...{ text: 'no "x"\x1b: FAIL: echo address from=192.0.2.7', isCut: false },
  },
  { type: 'stderr', service: 'echo', connection: 7, pid: 4242, text: 'und so weiter bis zum ü', isCut: true },
  { type: 'stderr-dropped', service: 'echo', count: 12_000 },
  {
    type: 'listening',
    service: 'echo',
    local: { scheme: 'tcp', address: { ...v4, bytes: Uint8Array.from([127, 0, 0, 1]), port: 7000 } },
  },
  {
    type: 'closed',
    service: 'echo',
    local: { scheme: 'tcp', address: { ...v4, bytes: Uint8Array.from([127, 0, 0, 1]), port: 7000 } },
  },
  {
    type: 'listen-failed',
    service: 'echo',
    local: { scheme: 'udp', address: { ...v6, port: 79 } },
    code: 'EADDRINUSE',
    retryMs: 2000,
  },
  { type: 'answered', service: 'mux', peer: v4 },
  { type: 'ready', services: 1, adopted: 2, errors: 0 },
  { type: 'resolver-restarted', times: 2 },
  { type: 'paused', service: 'echo', reason: 'EMFILE', retryMs: 1000 },
  { type: 'resumed', service: 'echo' },
  { type: 'suspended', service: 'echo', reason: 'connections per second', forMs: 10_000 },
  { type: 'banned', service: 'echo', peer: v4, reason: 'crash', forMs: 90_000 },
  { type: 'banned', service: 'echo', peer: v6, reason: 'sensor', forMs: Number.POSITIVE_INFINITY },
  { type: 'decider-failed', service: 'echo', failure: { step: 'exec', code: 'ENOENT' } },
  { type: 'worker-started', service: 'echo', pid: 4242 },
  {
    ...{ type: 'worker-exited', service: 'echo', pid: 4242, given: 12, lost: 2, end: undefined },
    exit: { ...usage, status: undefined, signal: 11 },
  },
  {
    type: 'worker-exited',
    service: 'echo',
    pid: 4243,
    given: 1,
    lost: 0,
    end: 'renewed',
    exit: { ...usage, status: 0, signal: undefined },
  },
  { type: 'worker-failed', service: 'echo', failure: { step: 'exec', code: 'ENOENT' }, retryMs: 1000 },
  { type: 'sources-full', untracked: 7 },
  { type: 'bans-full', service: 'echo', unrecorded: 3 },
  { type: 'bans-restored', count: 2, expired: 1 },
  { type: 'bans-left-out', count: 1, reason: 'room' },
  { type: 'bans-left-out', count: 2, reason: 'prefixes' },
  { type: 'state-damaged', slots: [1], restored: true },
  { type: 'state-damaged', slots: [0, 1], restored: false },
  { type: 'state-failed', action: 'write', code: 'ENOSPC' },
  { type: 'state-saved' },
  { type: 'rpc-registered', service: 'echo', registration },
  {
    ...{ type: 'rpc-failed', service: 'echo', registration: { ...registration, high: 1 } },
    ...{ action: 'register', why: 'held', code: 'superuser' },
  },
  {
    ...{ type: 'rpc-failed', service: 'echo', registration },
    ...{ action: 'unregister', why: 'unreachable', code: undefined },
  },
  { type: 'sandbox-lacks', feature: 'Landlock', consequence: 'the dispatcher can read what its user can' },
  { type: 'request-refused', request: 'launch', code: 'ESTALE' },
  { type: 'reloaded', services: 2, errors: 0, changes: { added: ['echo'], removed: [], changed: ['time'] } },
  { type: 'reloaded', services: 1, errors: 2, changes: { added: [], removed: [], changed: [] } },
  { type: 'reload-failed', failure: { reason: 'invalid', errors: 2 } },
  {
    type: 'reload-failed',
    failure: {
      reason: 'listen',
      service: 'echo',
      local: { scheme: 'tcp', address: v4 },
      code: 'EADDRINUSE',
      isOurs: false,
    },
  },
  { type: 'reload-failed', failure: { reason: 'restart-needed', settings: ['bans.capacity'] } },
  { type: 'reload-failed', failure: { reason: 'time' } },
  { type: 'reload-failed', failure: { reason: 'system', code: 'EMFILE' } },
  {
    type: 'diagnostic',
    finding: {
      ...{ code: 'config/unknown-key', severity: 'error', place: '/etc/zinetd/zinetd.yaml:14:3' },
      ...{
        message: 'Cannot use "instance" in service "ftp": no such setting',
        help: 'did you mean "instances"?',
      },
    },
  },
  { type: 'log-failed', to: '/var/log/echo', code: 'EROFS' },
  { type: 'log-resumed', to: '/var/log/echo', lost: 3 },
  { type: 'log-limit', to: '/var/log/echo', limit: 'soft', bytes: 1025 },
  { type: 'watch-failed', path: '/etc/zinetd/blocked', code: 'EACCES' },
  {
    type: 'state',
    ...{ generation: 2, upMs: 11_100_000.4, services: 2, running: 4, starting: 1, sources: 12, bans: 3 },
  },
  {
    type: 'service-state',
    service: 'echo',
    state: {
      ...{ standing: 'enabled', running: 3, starting: 1, instances: 50 },
      counts: {
        ...{ started: 120, failed: 2, ended: 116, refused: 7 },
        refusedFor: { address: 4, connections_per_second: 3 },
      },
      suspension: { reason: 'connections per second', forMs: 7999.5 },
      listeners: [
        {
          local: { scheme: 'tcp', address: { ...v4, port: 7 } },
          ...{ isOpen: true, pauses: ['suspended', 'queue:instances'], code: undefined },
        },
        {
          local: { scheme: 'unix', address: { family: 'path', path: '/run/echo' } },
          ...{ isOpen: false, pauses: [], code: 'EADDRINUSE' },
        },
      ],
    },
  },
  {
    type: 'service-state',
    service: 'odd service',
    state: {
      standing: 'draining',
      ...{ running: 0, starting: 0, instances: Number.POSITIVE_INFINITY, suspension: undefined },
      counts: { started: 0, failed: 0, ended: 0, refused: 0, refusedFor: {} },
      listeners: [
        {
          local: { scheme: 'udp', address: { ...v4, port: 69 } },
          ...{ isOpen: true, pauses: [], code: undefined },
        },
      ],
    },
  },
  { type: 'state-damaged', slots: [2], restored: true },
  { type: 'state-damaged', slots: [2, 3], restored: false },
  { type: 'disabled', service: 'echo' },
  { type: 'enabled', service: 'echo' },
  { type: 'controlled', method: 'ban', subject: '2001:db8::/64', uid: 0, outcome: 'done' },
  { type: 'controlled', method: 'stop', subject: undefined, uid: 1000, outcome: 'done' },
  { type: 'control-refused', reason: 'half', uid: 0, count: 1 },
  { type: 'control-refused', reason: 'busy', uid: 1000, count: 12 },
  { type: 'upgrading', running: 3 },
  { type: 'upgraded', version: '0.2.0' },
  { type: 'upgrade-failed', failure: { step: 'try', reason: 'cannot\nread' } },
  { type: 'stopping', running: 1 },
  { type: 'stopped', running: 0, killed: 0 },
  { type: 'stopped', running: 2, killed: 0 },
  { type: 'spawner-gone' },
  {
    type: 'dispatcher-crashed',
    error: 'InvariantError: Spent a ticket twice',
    at: 'dist/supervise/ledger.js:20:41',
  },
  { type: 'records-lost', count: 12 },
  { type: 'program-replaced', service: 'echo' },
  { type: 'dispatcher-restarted', times: 1 },
  { type: 'datagrams-dropped', service: 'echo', count: 5 },
  { type: 'fruitless', service: 'echo', retryMs: 990 },
  { type: 'log-ended', to: '/var/log/echo', lost: 2 },
];

export const SAMPLE_PEER: Endpoint = v4;
