import { describe, expect, test } from 'vitest';
import { childrenOf } from '../../src/compile/children-of.ts';
import { MOST_DECIDERS } from '../../src/model/decision.ts';
import type { Service } from '../../src/model/service.ts';
import { serviceRules } from '../admission/example-policy.ts';
import { plain } from './example.ts';

describe('the children of a service', () => {
  const three = [plain, plain, plain].flatMap(({ listeners }) => listeners);
  const redirect = { outlet: 0, to: 'it', connectMs: 1, idleMs: undefined, idleStopMs: 1 };
  const pool = { workers: 3, maxConnections: 1, maxRequests: undefined, maxAgeMs: undefined };
  const decide = { deadlineMs: 1, onFailure: 'refuse', cacheMs: 0 } as const;

  test.each<[string, Partial<Service>, number]>([
    ['are its instances', {}, 1],
    ['are one for each listener where it waits', { isWaiting: true, listeners: three }, 3],
    ['are one where it waits for what others bring', { isWaiting: true, listeners: [] }, 1],
    ['are its daemon alone', { redirect }, 1],
    ['are those of a relay to somebody else', { redirect: { ...redirect, idleStopMs: undefined } }, 1],
    ['are the workers of a pool and those that leave', { pool }, 18],
    [
      'are programs that are asked as well',
      { rules: serviceRules({ decide: { ...decide, asks: { variant: 1 } } }) },
      50 + MOST_DECIDERS,
    ],
    [
      'are none that is asked over a socket',
      { rules: serviceRules({ decide: { ...decide, asks: { socket: '/run/x' } } }) },
      50,
    ],
    [
      'are as many as the table can hold where there is no limit',
      { rules: serviceRules({ instances: { soft: 1, hard: Number.POSITIVE_INFINITY, dropPercent: 100 } }) },
      0xffff_ffff,
    ],
  ])('%s', (_, changes, children) => {
    expect(childrenOf({ ...plain, ...changes })).toBe(children);
  });
});
