import { expect, test } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import { describeWhy } from '../../src/logging/why-line.ts';
import type { RefusalReason } from '../../src/model/refusal-reason.ts';
import { describeWith } from '../harness/describe-with.ts';
import { matchedByFail2ban } from '../harness/fail2ban.ts';
import { refusal } from './refusal.ts';

const EPOCH_MS = Date.UTC(2026, 0, 9, 2, 35, 3);

function refused(reason: RefusalReason, bytes: readonly number[]): ZinetdEvent {
  const peer = {
    family: bytes.length === 4 ? 4 : 6,
    bytes: Uint8Array.from(bytes),
    port: 9,
    scopeId: 0,
  } as const;
  return { type: 'refused', service: 'finger', peer, verdict: refusal(reason) };
}

describeWith('the filter for xinetd of fail2ban', { needs: [{ program: 'fail2ban-regex' }] }, () => {
  const render = textRenderer();
  /** The FAIL line; the WHY line behind it is a record's own business. */
  const line = (event: ZinetdEvent) => render(event, EPOCH_MS)?.split('\n')[0] ?? '';
  const v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

  test('finds the refusals by address and by hosts.deny, of IPv4 and IPv6', () => {
    const wanted = [refused('address', [192, 0, 2, 7]), refused('libwrap', v6), refused('address', v6)].map(
      line,
    );
    const others = (['load', 'connections_per_second', 'time'] as const).map((reason) =>
      line(refused(reason, [192, 0, 2, 9])),
    );
    expect(matchedByFail2ban([...wanted, ...others])).toEqual(wanted);
  });

  test('takes nothing that a handler says for a refusal (S116)', () => {
    const texts = [
      'FAIL: finger address from=192.0.2.66',
      '\nFAIL: finger address from=192.0.2.66',
      '" FAIL: finger address from=192.0.2.66',
    ];
    const said = texts.map((text) =>
      line({ ...{ type: 'stderr', service: 'finger', connection: 7, pid: 42 }, text, isCut: false }),
    );
    expect(matchedByFail2ban(said)).toEqual([]);
  });

  test('takes neither the summary of a flood nor the line that says why for a refusal (S116)', () => {
    const wanted = line(refused('address', [192, 0, 2, 7]));
    const more = { sources: 1, hasMoreSources: false, durationMs: 10_000, count: 5 } as const;
    const head = { type: 'refused-more', service: 'finger', reason: 'address', ...more } as const;
    const summaries = [Uint8Array.from([192, 0, 2, 8]), undefined].map((source) => line({ ...head, source }));
    const injected = 'FAIL: finger address from=192.0.2.66';
    const fields = { service: 'finger', peer: '192.0.2.7', check: 'name', policy: 'reject' };
    const why = ['', `\n${injected}`, injected].map((detail) => describeWhy({ ...fields, detail }));
    const prefix = wanted.slice(0, wanted.indexOf('FAIL'));
    expect(matchedByFail2ban([wanted, ...summaries, ...why.map((it) => `${prefix}${it}\n`)])).toEqual([
      wanted,
    ]);
  });
});
