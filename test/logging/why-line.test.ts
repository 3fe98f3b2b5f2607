import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeWhy, type WhyFields } from '../../src/logging/why-line.ts';
import { unescapeText } from './unescape-text.ts';

const LINE =
  /^WHY: (\S*) from=(\S*) check=(\S*) policy=(\S*) detail="([^"]*)"(?: rule="([^"]*)" at="([^"]*):(\d+)")?$/;

/** The fields again, by the grammar that docs/reference/logs.md gives. */
function parse(line: string): WhyFields | undefined {
  const match = LINE.exec(line);
  if (!match) return undefined;
  const [service = '', peer = '', check = '', policy = '', detail = ''] = match.slice(1, 6).map(unescapeText);
  const [, , , , , , text, file, number] = match;
  const head = { service, peer, check, policy, detail };
  if (text === undefined || file === undefined) return head;
  return { ...head, rule: { text: unescapeText(text), file: unescapeText(file), line: Number(number) } };
}

test('says by which check, rule and figures a client was refused', () => {
  const fields = {
    service: 'ftp',
    peer: '192.0.2.7',
    check: 'access',
    policy: 'reject',
    detail: 'no_access',
  };
  expect(describeWhy(fields)).toBe('WHY: ftp from=192.0.2.7 check=access policy=reject detail="no_access"');
  const rule = { text: '192.0.2.0/24', file: '/etc/zinetd/zinetd.yaml', line: 14 };
  expect(describeWhy({ ...fields, rule })).toBe(
    'WHY: ftp from=192.0.2.7 check=access policy=reject detail="no_access" rule="192.0.2.0/24" at="/etc/zinetd/zinetd.yaml:14"',
  );
});

test('is one printable line, whatever is in its fields, from which all can be read back (S116)', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('" at="/etc:1', 'a\nFAIL: b address from=192.0.2.1', '\\x22', '\\', '"'),
  );
  const rule = fc.record({ text, file: text, line: fc.nat() });
  const head = { service: text, peer: text, check: text, policy: text, detail: text };
  fc.assert(
    fc.property(fc.oneof(fc.record(head), fc.record({ ...head, rule })), (fields) => {
      const line = describeWhy(fields);
      expect(line).toMatch(/^[ -~]*$/);
      expect(parse(line)).toEqual(fields);
    }),
    { numRuns: 1000 },
  );
});
