import { expect, test } from 'vitest';
import { describeInetd } from '../harness/describe-inetd.ts';
import { playAcceptMax } from './netbsd/play-accept-max.ts';
import { playRatelimit } from './netbsd/play-ratelimit.ts';

const TIMEOUT_MS = 60_000;
const SYNTAXES = ['max2_pos', 'max2_kv'] as const;

describeInetd({ title: "the scenarios of NetBSD's tests of inetd", programs: [] }, (way) => {
  test('test_ratelimit passes: service_max and ip_max of each kind', { timeout: TIMEOUT_MS }, async () => {
    const cases = await playRatelimit(way);
    console.log(`netbsd test_ratelimit: ${cases} cases`);
    expect(cases).toBe(22);
  });

  test.each(SYNTAXES)('%s passes: the third of at most two waits until one leaves', async (syntax) => {
    console.log(`netbsd ${syntax}: ${await playAcceptMax(way, syntax)} cases`);
  });
});
