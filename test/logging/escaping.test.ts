import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { jsonRenderer } from '../../src/logging/json-record.ts';
import { templateRenderer } from '../../src/logging/template-record.ts';
import { textRenderer } from '../../src/logging/text-record.ts';
import { RECORD_FIELDS } from '../../src/model/log-policy.ts';
import { SAMPLE_PEER as peer } from './sample-events.ts';
import { unescapeText } from './unescape-text.ts';

const EPOCH_MS = 0;
const service = 'echo';

/** Bytes as a client, its ident server or its name server may send them; and what would start another record. */
const remote = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.constantFrom('x\nFAIL: ssh address from=192.0.2.1', '\u001b]0;x\u0007', '%s%n', '"} {"a": "\\', '\\x0a'),
);

/** Every field of a record that somebody else than the operator has a word in. */
const FIELDS: Readonly<Record<string, (text: string) => ZinetdEvent>> = {
  'the user of ident': (user) => ({ type: 'identified', service, peer, system: 'UNIX', user }),
  'the system of ident': (system) => ({ type: 'identified', service, peer, system, user: 'joe' }),
  'why ident has nobody': (why) => ({ type: 'unidentified', service, peer, why, isDemanded: true }),
  'what a handler says': (text) => ({
    ...{ type: 'stderr', service, connection: 7, pid: 42, text, isCut: false },
  }),
  'the name that tcpmux was asked for': (code) => ({
    ...{ type: 'failed', service, peer },
    failure: { step: 'tcpmux_unknown', code },
  }),
  'the words of decide': (note) => ({
    ...{ type: 'refused', service, peer },
    verdict: {
      ...{ kind: 'refused', reason: 'decision', policy: { kind: 'reject', text: undefined } },
      trace: [{ check: 'decide', passed: false, note }],
    },
  }),
};

/** Where each of them stands in a line of text, and in JSON. */
const PLACES: Readonly<Record<string, readonly [RegExp, (record: Json) => unknown]>> = {
  'the user of ident': [/^USERID: echo UNIX : (.*)\n$/, ({ user }) => user],
  'the system of ident': [/^USERID: echo (.*) : joe\n$/, ({ system }) => system],
  'why ident has nobody': [/^NOID: echo \S+ (.*)\n$/, ({ reason }) => reason],
  'what a handler says': [/^STDERR: echo pid=42 connection=7 "([^"]*)"\n$/, ({ text }) => text],
  'the name that tcpmux was asked for': [/ error=(\S*)\n$/, ({ error }) => error],
  'the words of decide': [/ detail="refused: ([^"]*)"\n$/, ({ check }) => (check as Json)['note']],
};

type Json = Readonly<Record<string, unknown>>;

/** Lone halves of surrogates have no bytes of UTF-8; the text format has the bytes of U+FFFD for each. */
function asUtf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

describe.each(Object.keys(FIELDS))('%s', (name) => {
  const eventOf = FIELDS[name] ?? expect.fail();
  const [place, pick] = PLACES[name] ?? expect.fail();

  it('is printable in a line of text, and can be read back (S99, S116)', () => {
    const render = textRenderer({ hasPrefix: false });
    fc.assert(
      fc.property(remote, (text) => {
        const lines = render(eventOf(text), EPOCH_MS) ?? '';
        expect(lines).toMatch(/^(FAIL: [ -~]*\n)?[ -~]*\n$/);
        expect(unescapeText(place.exec(lines)?.[1] ?? '')).toBe(asUtf8(text));
      }),
    );
  });

  it('is printable in one line of JSON, and parses back (S99, S116)', () => {
    const render = jsonRenderer();
    fc.assert(
      fc.property(remote, (text) => {
        const line = render(eventOf(text), EPOCH_MS) ?? '';
        expect(line).toMatch(/^[ -~]*\n$/);
        expect(pick(JSON.parse(line))).toBe(text);
      }),
    );
  });

  it('is printable in one line of a template (S99, S116)', () => {
    const render = templateRenderer(RECORD_FIELDS.flatMap((field) => [{ field }, ' ']));
    fc.assert(
      fc.property(remote, (text) => {
        expect(render(eventOf(text), EPOCH_MS)).toMatch(/^[ -~]*\n$/);
      }),
    );
  });
});
