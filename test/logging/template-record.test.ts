import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseRecordTemplate } from '../../src/config/record-template.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import { templateRenderer } from '../../src/logging/template-record.ts';
import type { RecordTemplate } from '../../src/model/log-policy.ts';
import { RECORD_FIELDS } from '../../src/model/log-policy.ts';
import { SAMPLE_EVENTS, SAMPLE_PEER } from './sample-events.ts';

const EPOCH_MS = Date.UTC(2026, 0, 9, 2, 35, 3, 7);

function parsed(text: string): RecordTemplate {
  const template = parseRecordTemplate(text);
  if ('reason' in template) throw new Error(template.reason);
  return template;
}

function render(text: string, event: ZinetdEvent): string | undefined {
  return templateRenderer(parsed(text))(event, EPOCH_MS);
}

const EXITED = SAMPLE_EVENTS.find(({ type }) => type === 'exited') as ZinetdEvent;

describe('a template of records', () => {
  it('has fields between text, and "-" for what an event does not have', () => {
    expect(render('{time} {{{service}}} {address}:{port} {pid} {status} {signal} {duration}', EXITED)).toBe(
      '2026-01-09T02:35:03.007Z {echo} 192.0.2.7:40001 4242 3 - 2.999\n',
    );
    expect(render('{event} {level} {reason} {message}', { type: 'resumed', service: 'echo' })).toBe(
      'resumed info - INFO: echo accepts again\n',
    );
  });

  test.each([
    ['{adress}', 'there is no field "adress"', 'did you mean "{address}"?'],
    ['{service', '"{" stands alone', 'write "{{" or "}}" for a brace'],
    ['a\nb', 'a record is one line', undefined],
    ['%t %a', 'has no field in braces', `these are there: ${RECORD_FIELDS.join(', ')}`],
  ])('%j is refused', (text, reason, help) => {
    expect(parseRecordTemplate(text)).toEqual({ reason, help });
  });

  it('makes one printable line of any value, and one word of each but the message (S99, S116)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (user) => {
        const event: ZinetdEvent = {
          type: 'identified',
          service: 's',
          peer: SAMPLE_PEER,
          system: 'UNIX',
          user,
        };
        expect(render('%s|{user}|', event)).toMatch(/^%s\|[!-~]+\|\n$/);
        expect(render('{message}', event)).toMatch(/^[ -~]*\n$/);
      }),
    );
  });
});
