import { describe, expect, it, test } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { recordView } from '../../src/logging/record-view.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import type { LogPolicy } from '../../src/model/log-policy.ts';
import { refusal } from './refusal.ts';
import { SAMPLE_PEER as peer } from './sample-events.ts';

const KEY = new Uint8Array(32);
const EPOCH_MS = Date.UTC(2026, 0, 9, 2, 35, 3, 7);
const service = 'ok';
const usage = { durationMs: 2999, userUs: 1200, systemUs: 800, maxRssKb: 2048 };

const STARTED: ZinetdEvent = { type: 'started', service, peer, pid: 10_267 };
const EXITED: ZinetdEvent = {
  ...{ type: 'exited', service, peer, pid: 10_267 },
  exit: { ...usage, status: 0, signal: undefined },
  traffic: { inBytes: 5, outBytes: 7 },
};
const REFUSED: ZinetdEvent = {
  ...{ type: 'refused', service, peer },
  verdict: refusal('address', [{ check: 'access', passed: false }]),
};
const FAILED: ZinetdEvent = { type: 'failed', service, peer, failure: { step: 'clone', code: 'EAGAIN' } };
const MORE: ZinetdEvent = {
  ...{ type: 'refused-more', service, reason: 'address', source: peer.bytes, count: 41, sources: 1 },
  ...{ hasMoreSources: false, durationMs: 10_000 },
};

function viewOf(changes: Partial<LogPolicy>) {
  return recordView({ destination: 0, success: [], failure: [], address: { kind: 'keep' }, ...changes }, KEY);
}

function textOf(events: readonly ZinetdEvent[], changes: Partial<LogPolicy>): readonly string[] {
  const render = textRenderer({ hasPrefix: false });
  const texts = events.map((event) => render(event, EPOCH_MS, viewOf(changes)) ?? '');
  return texts.join('').split('\n').slice(0, -1);
}

function keysOf(event: ZinetdEvent, changes: Partial<LogPolicy>): readonly string[] | undefined {
  const line = jsonRenderer()(event, EPOCH_MS, viewOf(changes));
  return line === undefined ? undefined : Object.keys(JSON.parse(line));
}

describe('log_on_success', () => {
  /** As Debian's xinetd writes them. */
  test.each<[LogPolicy['success'], readonly string[]]>([
    [[], []],
    [['pid'], ['START: ok pid=10267']],
    [['host'], ['START: ok from=192.0.2.7']],
    [['pid', 'host'], ['START: ok pid=10267 from=192.0.2.7']],
    [['exit'], ['START: ok', 'EXIT: ok status=0']],
    [['duration'], ['START: ok', 'EXIT: ok duration=2(sec)']],
    [
      ['pid', 'host', 'duration'],
      ['START: ok pid=10267 from=192.0.2.7', 'EXIT: ok pid=10267 duration=2(sec)'],
    ],
    [['traffic'], ['START: ok', 'TRAFFIC: ok in=5(bytes) out=7(bytes)']],
    [
      ['pid', 'host', 'exit', 'duration', 'traffic'],
      [
        'START: ok pid=10267 from=192.0.2.7',
        'TRAFFIC: ok in=5(bytes) out=7(bytes)',
        'EXIT: ok status=0 pid=10267 duration=2(sec)',
      ],
    ],
  ])('%j makes the records of xinetd', (success, lines) => {
    expect(textOf([STARTED, EXITED], { success })).toEqual(lines);
  });

  it('has why zinetd ended what it served itself, and nothing where the client or the talk did', () => {
    const exit = { ...usage, status: undefined, signal: undefined };
    const ends = ['idle', 'time', 'age', 'done', 'gone'] as const;
    const all = ends.map(
      (end): ZinetdEvent => ({ type: 'exited', service, peer, pid: undefined, exit, end }),
    );
    expect(textOf(all, { success: ['exit'] })).toEqual([
      ...['EXIT: ok status=0 end=idle', 'EXIT: ok status=0 end=time', 'EXIT: ok status=0 end=age'],
      ...['EXIT: ok status=0', 'EXIT: ok status=0'],
    ]);
  });

  it('rules the keys of JSON as well', () => {
    expect(keysOf(STARTED, {})).toBeUndefined();
    expect(keysOf(EXITED, { success: ['pid', 'host'] })).toBeUndefined();
    expect(keysOf(STARTED, { success: ['exit'] })).toEqual(['time', 'level', 'event', 'service']);
    const full = ['pid', 'host', 'exit', 'duration', 'traffic'] as const;
    expect(keysOf(EXITED, { success: full })).toEqual([
      ...['time', 'level', 'event', 'service', 'peer', 'pid', 'status', 'duration_ms'],
      ...['user_us', 'system_us', 'max_rss_kb', 'in_bytes', 'out_bytes'],
    ]);
  });
});

describe('log_on_failure', () => {
  test.each<[LogPolicy['failure'], readonly string[]]>([
    [[], []],
    [['attempt'], ['FAIL: ok address', 'FAIL: ok address repeated=41 sources=1', 'FAIL: ok fork']],
    [
      ['host'],
      [
        'FAIL: ok address from=192.0.2.7',
        'FAIL: ok address from=192.0.2.7 repeated=41',
        'FAIL: ok fork from=192.0.2.7',
      ],
    ],
    [
      ['host', 'why'],
      [
        'FAIL: ok address from=192.0.2.7',
        'WHY: ok from=192.0.2.7 check=access policy=reject detail="denied"',
        'FAIL: ok address from=192.0.2.7 repeated=41',
        'FAIL: ok fork from=192.0.2.7 error=EAGAIN',
      ],
    ],
  ])('%j makes the records of xinetd', (failure, lines) => {
    expect(textOf([REFUSED, MORE, FAILED], { failure })).toEqual(lines);
  });

  test.each([
    ['sensor', 'address'],
    ['banned', 'address'],
    ['name_lookup', 'address'],
    ['per_source_rate', 'connections per second'],
    ['service_limit', 'service_limit'],
  ] as const)('without "why" has the word of xinetd for %s', (reason, word) => {
    const event: ZinetdEvent = { type: 'refused', service, peer, verdict: refusal(reason) };
    expect(textOf([event], { failure: ['host'] })).toEqual([`FAIL: ok ${word} from=192.0.2.7`]);
    expect(textOf([event], { failure: ['host', 'why'] })[0]).toMatch(/^FAIL: ok \S+ from=192\.0\.2\.7$/);
  });

  it('tells of clients whom nobody knows if that matters, or if it says why', () => {
    const unknown = { type: 'unidentified', service, peer, why: 'no server' } as const;
    const both = [false, true].map((isDemanded): ZinetdEvent => ({ ...unknown, isDemanded }));
    expect(textOf(both, { failure: ['host'] })).toEqual(['NOID: ok 192.0.2.7 no server']);
    expect(textOf(both, { failure: ['host', 'why'] })).toHaveLength(2);
  });

  it('rules the keys of JSON as well', () => {
    expect(keysOf(REFUSED, {})).toBeUndefined();
    expect(keysOf(REFUSED, { failure: ['attempt'] })).toEqual([
      'time',
      'level',
      'event',
      'service',
      'reason',
    ]);
    expect(keysOf(MORE, { failure: ['attempt'] })).not.toContain('peer');
  });
});
