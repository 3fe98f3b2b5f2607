import { expect, test } from 'vitest';
import { describeWith } from '../harness/describe-with.ts';
import { startXinetd } from '../harness/start-xinetd.ts';
import { ACCEPTED } from './accepted-differences.ts';
import { expectAlike } from './expect-alike.ts';
import { GROUPS } from './groups.ts';
import { observe } from './observe.ts';
import { startConverted } from './start-converted.ts';
import { startZinetdWith } from './start-zinetd-with.ts';

const TIMEOUT_MS = 60_000;
const MOST_DIFFERENCES = 8;
const FEWEST_CASES = 40;

describeWith(
  "Debian's xinetd and zinetd serve alike from one xinetd.conf, as it is and converted",
  { needs: ['root', 'a network namespace', 'overlays', { program: 'xinetd' }, { program: 'python3' }] },
  () => {
    const used = new Set<string>();

    for (const group of GROUPS) {
      test(`${group.title}, ${group.cases.length} cases`, { timeout: TIMEOUT_MS }, async () => {
        const [xinetd, zinetd, converted] = await Promise.all([
          observe(group, startXinetd),
          observe(group, startZinetdWith),
          observe(group, startConverted),
        ]);
        const expected = expectAlike(group, xinetd);
        for (const title of expected.used) used.add(title);
        expect(zinetd).toEqual(expected.observations);
        expect(converted).toEqual(expected.observations);
      });
    }

    test('the accepted differences are few and real', () => {
      const count = GROUPS.reduce((sum, { cases }) => sum + cases.length, 0);
      process.stdout.write(`${count} cases, ${ACCEPTED.length} accepted differences\n`);
      expect(count).toBeGreaterThanOrEqual(FEWEST_CASES);
      expect(ACCEPTED.length).toBeLessThanOrEqual(MOST_DIFFERENCES);
      expect(ACCEPTED.map(({ title }) => title).filter((title) => !used.has(title))).toEqual([]);
    });
  },
);
