import { describe, expect, test } from 'vitest';
import { configuredListener } from '../../src/dispatcher/configured-listener.ts';
import { prepareRules } from '../../src/dispatcher/prepare-rules.ts';
import type { ListenPlace } from '../../src/model/listen-address.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';

const at = (port: number): ListenPlace => ({
  scheme: 'tcp',
  address: { family: 4, bytes: Uint8Array.of(127, 0, 0, 1), port, scopeId: 0 },
});
const portOf = ({ address }: ListenPlace) => (address.family === 'path' ? undefined : address.port);
const policy = policyOf([
  servicePolicy({ name: 'a', listeners: [at(1), at(2)] }),
  servicePolicy({ name: 'none', listeners: [] }),
  servicePolicy({ name: 'b', listeners: [at(3)] }),
]);
const rules = prepareRules(policy);

describe('the rows of the listeners', () => {
  test('are those of the services, one after the other', () => {
    const rows = [0, 1, 2].map((index) => configuredListener(rules, index));
    expect(rows.map(({ service, name, configured }) => [service, name, portOf(configured)])).toEqual([
      [0, 'a', 1],
      [0, 'a', 2],
      [2, 'b', 3],
    ]);
  });

  test('end with the last one: another is a bug', () => {
    expect(() => configuredListener(rules, 3)).toThrow(/bug in zinetd/);
  });
});
