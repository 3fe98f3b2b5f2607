import { describe, expect, test } from 'vitest';
import { configuredListener } from '../../src/dispatcher/configured-listener.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';

const at = (port: number) => ({ family: 4 as const, bytes: [127, 0, 0, 1], port, scopeId: 0 });
const policy = policyOf([
  servicePolicy({ name: 'a', listeners: [at(1), at(2)] }),
  servicePolicy({ name: 'none', listeners: [] }),
  servicePolicy({ name: 'b', listeners: [at(3)] }),
]);

describe('the rows of the listeners', () => {
  test('are those of the services, one after the other', () => {
    const rows = [0, 1, 2].map((index) => configuredListener(policy, index));
    expect(rows.map(({ service, name, configured }) => [service, name, configured.port])).toEqual([
      [0, 'a', 1],
      [0, 'a', 2],
      [2, 'b', 3],
    ]);
  });

  test('end with the last one: another is a bug', () => {
    expect(() => configuredListener(policy, 3)).toThrow(/bug in zinetd/);
  });
});
