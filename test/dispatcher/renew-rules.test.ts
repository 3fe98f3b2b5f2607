import { expect, test } from 'vitest';
import { atOnce } from '../../src/dispatcher/at-once.ts';
import { prepareRules } from '../../src/dispatcher/prepare-rules.ts';
import { renewRules } from '../../src/dispatcher/renew-rules.ts';
import type { Redirect } from '../../src/model/redirect.ts';
import { policyOf, servicePolicy } from '../admission/example-policy.ts';

function redirect(outlet: number): Redirect {
  const noTimes = { idleMs: undefined, idleStopMs: undefined };
  return { outlet, to: 'tcp://192.0.2.1:80', connectMs: 1000, ...noTimes };
}

test('a service that is redirected has the outlet of the new table, and none where it was taken out', () => {
  const running = prepareRules(
    policyOf([
      servicePolicy({ name: 'gone', redirect: redirect(0) }),
      servicePolicy({ name: 'stays', redirect: redirect(1) }),
    ]),
  );
  const policy = policyOf([servicePolicy({ name: 'stays', redirect: redirect(0) })]);
  const { rules } = atOnce(renewRules(running, { policy, kept: new Map() }));
  const outlets = rules.services.map(({ service }) => [service.policy.name, service.policy.redirect?.outlet]);
  expect(outlets).toEqual([
    ['gone', -1],
    ['stays', 0],
  ]);
});
