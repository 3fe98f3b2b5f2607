import type { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificateLife } from '../../src/config/certificate-life.ts';

const DAY_MS = 86_400_000;

function life(fromDays: number, toDays: number): string | undefined {
  const at = (days: number) => new Date(Date.now() + days * DAY_MS).toUTCString();
  return certificateLife({ validFrom: at(fromDays), validTo: at(toDays) } as X509Certificate);
}

test.each([
  [-1, 30, undefined],
  [-1, 13, /^it expires on /],
  [-30, -1, /^it expired on /],
  [1, 30, /^it is not valid before /],
])('a certificate that is good from day %i to day %i has the finding %s', (from, to, finding) => {
  if (finding) expect(life(from, to)).toMatch(finding);
  else expect(life(from, to)).toBeUndefined();
});
