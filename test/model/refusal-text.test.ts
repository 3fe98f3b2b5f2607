import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRefusalTemplate } from '../../src/config/refusal-template.ts';
import { MOST_REFUSAL_BYTES, type RefusalTemplate, renderRefusalText } from '../../src/model/refusal-text.ts';

function templateOf(text: string): RefusalTemplate {
  const template = parseRefusalTemplate(text);
  if ('reason' in template) throw new Error(template.reason);
  return template;
}

const values = { address: '2001:db8::1', service: 'ftp', reason: 'connections per second' };

function render(text: string, given = values): string {
  return Buffer.from(renderRefusalText(templateOf(text), given)).toString('utf8');
}

test('a refusal text names the client, the service and the reason, and else is what was written', () => {
  expect(render('421 %s: no (%r), %a\r\n100%% über\n')).toBe(
    '421 ftp: no (connections per second), 2001:db8::1\r\n100% über\n',
  );
  expect(render('%%a%%%s')).toBe('%a%ftp');
});

test.each([
  ['Go away %x', '"%x" stands for nothing'],
  ['100%', '"%" stands for nothing'],
  ['%%%', '"%" stands for nothing'],
  ['% a', '"% " stands for nothing'],
  ['%A', '"%A" stands for nothing'],
  ['%\n', '"%\\x0a" stands for nothing'],
  ['', 'the text is empty'],
  ['x'.repeat(1025), 'it may come to more than 1024 bytes'],
  [`${'x'.repeat(986)}%a`, 'it may come to more than 1024 bytes'],
  ['ü'.repeat(513), 'it may come to more than 1024 bytes'],
])('the refusal text %j is refused with a reason (promise 8)', (text, reason) => {
  expect(parseRefusalTemplate(text)).toMatchObject({ reason });
});

test('a refusal text of 1,024 bytes is taken', () => {
  expect(render('x'.repeat(1024)).length).toBe(1024);
  expect(render(`${'x'.repeat(985)}%a`).length).toBe(985 + '2001:db8::1'.length);
});

test('no value brings anything but 0x20 to 0x7E into a refusal text, or makes it longer than 1,024 bytes (S116)', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.constantFrom('%a%s%r\n\u001b[2J', 'x'.repeat(800)),
  );
  fc.assert(
    fc.property(text, text, text, (address, service, reason) => {
      const bytes = renderRefusalText(templateOf('%s %a %r %s'), { address, service, reason });
      expect(bytes.length).toBeLessThanOrEqual(MOST_REFUSAL_BYTES);
      expect(bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)).toBe(true);
    }),
  );
});
