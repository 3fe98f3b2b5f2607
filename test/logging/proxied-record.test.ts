import { describe, expect, test } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { recordView } from '../../src/logging/record-view.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import type { Endpoint } from '../../src/model/address.ts';
import { unixPeerBytes } from '../../src/model/local-peer.ts';
import { FAILURE_FIELDS, type LogPolicy, SUCCESS_FIELDS } from '../../src/model/log-policy.ts';
import { NOBODY } from '../../src/model/nobody.ts';
import { describeWith } from '../harness/describe-with.ts';
import { matchedByFail2ban } from '../harness/fail2ban.ts';
import { refusal } from './refusal.ts';
import { SAMPLE_PEER as peer } from './sample-events.ts';

const EPOCH_MS = Date.UTC(2026, 0, 9, 2, 35, 3);
const service = 'echo';
const via: Endpoint = { family: 4, bytes: Uint8Array.of(10, 0, 0, 5), port: 50_001, scopeId: 0 };
const local: Endpoint = {
  ...{ family: 'unix', port: 0, scopeId: 0 },
  bytes: unixPeerBytes({ uid: 110, gid: 111, pid: 9 }),
};

const STARTED: ZinetdEvent = { type: 'started', service, peer, via, pid: 42 };
const REFUSED: ZinetdEvent = {
  ...{ type: 'refused', service, peer, via },
  verdict: refusal('address', [{ check: 'access', passed: false }]),
};
const NOT_LAUNCHED: ZinetdEvent = {
  ...{ type: 'failed', service, peer, via },
  failure: { step: 'exec', code: 'ENOENT' },
};
const NO_HEADER: ZinetdEvent = {
  ...{ type: 'failed', service, peer: NOBODY, via },
  failure: { step: 'proxy_protocol', code: 'bad_signature' },
};
const ALL = [STARTED, REFUSED, NOT_LAUNCHED, NO_HEADER];

function viewOf(changes: Partial<LogPolicy>) {
  const fields = { success: [...SUCCESS_FIELDS], failure: [...FAILURE_FIELDS] };
  return recordView({ destination: 0, ...fields, address: { kind: 'keep' }, ...changes }, new Uint8Array(32));
}

function textOf(event: ZinetdEvent, changes: Partial<LogPolicy> = {}): readonly string[] {
  return (textRenderer({ hasPrefix: false })(event, EPOCH_MS, viewOf(changes)) ?? '')
    .split('\n')
    .slice(0, -1);
}

function jsonOf(event: ZinetdEvent, changes: Partial<LogPolicy> = {}): Record<string, unknown> {
  return JSON.parse(jsonRenderer()(event, EPOCH_MS, viewOf(changes)) ?? '{}') as Record<string, unknown>;
}

describe('a record of somebody who came through a proxy', () => {
  test('has the proxy where nothing that reads the lines of xinetd stumbles over it (S59)', () => {
    expect(ALL.flatMap((event) => textOf(event))).toEqual([
      'START: echo pid=42 from=192.0.2.7 via=10.0.0.5',
      'FAIL: echo address from=192.0.2.7',
      expect.stringMatching(/^WHY: echo from=192\.0\.2\.7 via=10\.0\.0\.5 check=access /),
      'FAIL: echo exec_failed from=192.0.2.7 error=ENOENT via=10.0.0.5',
      'FAIL: echo proxy_protocol from=<no address> error=bad_signature via=10.0.0.5',
    ]);
  });

  test('has it beside the client in JSON, and no client where the proxy said nothing', () => {
    const client = { address: '192.0.2.7', port: 40_001 };
    const proxy = { address: '10.0.0.5', port: 50_001 };
    for (const event of [STARTED, REFUSED, NOT_LAUNCHED])
      expect(jsonOf(event)).toMatchObject({ peer: client, via: proxy });
    expect(jsonOf(NO_HEADER)).toMatchObject({ reason: 'proxy_protocol', error: 'bad_signature', via: proxy });
    expect(jsonOf(NO_HEADER)['peer']).toBeUndefined();
    expect(jsonOf({ ...STARTED, via: local })['via']).toEqual({ uid: 110, gid: 111, pid: 9 });
  });

  test('has neither where the host is not wanted', () => {
    const bare: Partial<LogPolicy> = { success: ['pid'], failure: ['attempt'] };
    expect(ALL.flatMap((event) => textOf(event, bare)).join()).not.toMatch(/from|via/);
    for (const event of ALL) expect(jsonOf(event, bare)['via']).toBeUndefined();
  });

  test('tells the address of a proxy, but no port that leads to a client, where clients are private', () => {
    const hidden: Partial<LogPolicy> = { address: { kind: 'omit' } };
    expect(textOf(STARTED, hidden)).toEqual(['START: echo pid=42 via=10.0.0.5']);
    expect(jsonOf(STARTED, hidden)['via']).toEqual({ address: '10.0.0.5' });
  });
});

describeWith('the filter for xinetd of fail2ban', { needs: [{ program: 'fail2ban-regex' }] }, () => {
  test('finds the client that was refused, and never the proxy (S59)', () => {
    const lines = ALL.flatMap((event) => (textRenderer()(event, EPOCH_MS) ?? '').split('\n').slice(0, -1));
    const wanted = lines.filter((line) => line.endsWith('FAIL: echo address from=192.0.2.7'));
    expect(wanted).toHaveLength(1);
    expect(matchedByFail2ban(lines)).toEqual(wanted);
  });
});
