import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { recordView } from '../../src/logging/record-view.ts';
import type { RenderRecord } from '../../src/logging/render-record.ts';
import { templateRenderer } from '../../src/logging/template-record.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import { type Endpoint, formatAddress } from '../../src/model/address.ts';
import {
  type AddressPrivacy,
  FAILURE_FIELDS,
  RECORD_FIELDS,
  SUCCESS_FIELDS,
} from '../../src/model/log-policy.ts';
import type { CheckOutcome, Refusal } from '../../src/model/verdict.ts';
import { SAMPLE_EVENTS } from './sample-events.ts';

const KEY = new Uint8Array(32).fill(7);
const EPOCH_MS = 0;
const TRUNCATE: AddressPrivacy = { kind: 'truncate', ipv4Prefix: 24, ipv6Prefix: 48 };

const RENDERERS: Readonly<Record<string, RenderRecord>> = {
  text: textRenderer(),
  json: jsonRenderer(),
  template: templateRenderer(RECORD_FIELDS.map((field) => ({ field }))),
};

function viewOf(address: AddressPrivacy, key = KEY) {
  return recordView({ destination: 0, success: SUCCESS_FIELDS, failure: FAILURE_FIELDS, address }, key);
}

/** Rules and words of `decide` may have the address of the client in them. */
function naming(verdict: Refusal, { bytes }: Endpoint): Refusal {
  const text = formatAddress(bytes);
  const rule = { text, file: '/etc/zinetd.yaml', line: 7 };
  const trace: readonly CheckOutcome[] = [
    { check: 'access', passed: true, rule },
    { check: 'decide', passed: false, note: `listed: ${text}` },
    { check: 'hosts_access', passed: false, rule },
  ];
  return { ...verdict, trace: [...verdict.trace, ...trace.slice(0, 1 + ((bytes[0] ?? 0) % 3))] };
}

/** The same event about somebody else. */
function about(event: ZinetdEvent, peer: Endpoint): ZinetdEvent {
  if (event.type === 'refused') return { ...event, peer, verdict: naming(event.verdict, peer) };
  if ('peer' in event) return { ...event, peer };
  return event.type === 'refused-more' && event.source ? { ...event, source: peer.bytes } : event;
}

const ABOUT_CLIENTS = SAMPLE_EVENTS.filter(
  (event) => 'peer' in event || (event.type === 'refused-more' && event.source),
);

const endpoint = fc
  .oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .filter((bytes) => bytes.some((byte) => byte > 9) && bytes[0] !== 0)
  .map((bytes): Endpoint => ({ family: bytes.length === 4 ? 4 : 6, bytes, port: 54_321, scopeId: 0 }));

describe('log_address', () => {
  test.each(Object.keys(RENDERERS))('lets no record in %s say who the client is (property)', (name) => {
    const render = RENDERERS[name] as RenderRecord;
    const privacies: readonly AddressPrivacy[] = [{ kind: 'hash' }, { kind: 'omit' }, TRUNCATE];
    fc.assert(
      fc.property(
        fc.constantFrom(...ABOUT_CLIENTS),
        fc.constantFrom(...privacies),
        endpoint,
        (event, privacy, peer) => {
          const record = render(about(event, peer), EPOCH_MS, viewOf(privacy)) ?? '';
          const whole =
            privacy.kind === 'truncate' ? `${formatAddress(peer.bytes)}(?!/)` : formatAddress(peer.bytes);
          expect(record).not.toMatch(
            new RegExp(`(^|[^0-9a-f:.])${whole.replaceAll('.', '\\.')}($|[^0-9a-f:./])`),
          );
          expect(record).not.toContain('54321');
        },
      ),
    );
  });

  it('truncate shows the network, of either family', () => {
    const { address } = viewOf(TRUNCATE);
    expect(address(Uint8Array.of(192, 0, 2, 77))).toBe('192.0.2.0/24');
    expect(address(Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 7, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8))).toBe(
      '2001:db8:7::/48',
    );
  });

  it('hash is the same for one client, another for another, and nothing without the key', () => {
    const [one, other] = [Uint8Array.of(192, 0, 2, 77), Uint8Array.of(192, 0, 2, 78)];
    const { address } = viewOf({ kind: 'hash' });
    expect(address(one)).toMatch(/^hash:[0-9a-f]{16}$/);
    expect(address(one)).toBe(address(Uint8Array.from(one)));
    expect(address(other)).not.toBe(address(one));
    expect(viewOf({ kind: 'hash' }, new Uint8Array(32).fill(8)).address(one)).not.toBe(address(one));
  });

  it('omit leaves the words out that an address would stand behind', () => {
    const started = SAMPLE_EVENTS.find(({ type }) => type === 'started') as ZinetdEvent;
    const text = textRenderer({ hasPrefix: false })(started, EPOCH_MS, viewOf({ kind: 'omit' }));
    expect(text).toBe('START: echo pid=4242\n');
  });
});
