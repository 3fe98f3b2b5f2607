import { expect, test } from 'vitest';
import { TAKEN_OVER_MESSAGES } from '../../scripts/notes/taken-over-messages.ts';
import { THREATS } from '../../scripts/notes/threats.ts';
import { unshown } from '../../scripts/threat-model-page.ts';

const HERE = 'test/docs/threat-model.test.ts';

/** test/native/taken-over.test.ts and bad-dispatcher.test.ts hold the tables of the page to what happens. */
test('each claim of SECURITY.md and of the threat model names a test that is there', () => {
  expect(Object.values(THREATS).flatMap(unshown)).toEqual([]);
  expect(TAKEN_OVER_MESSAGES.filter(({ why }) => why === '')).toEqual([]);
});

test('a claim is noticed whose test is gone, or says something else', () => {
  const claim = { says: 'fly' };
  expect(unshown([{ ...claim, shownBy: [[HERE, 'a claim is noticed whose test is gone']] }])).toEqual([]);
  expect(unshown([{ ...claim, shownBy: [] }])).toEqual(['fly: shown by no test']);
  expect(
    unshown([
      {
        ...claim,
        shownBy: [
          [HERE, ''],
          ['test/none.test.ts', 'is'],
        ],
      },
    ]),
  ).toEqual([`fly: no such test: ${HERE}: `, 'fly: no such test: test/none.test.ts: is']);
});
