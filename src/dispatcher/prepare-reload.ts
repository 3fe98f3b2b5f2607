import type { ReloadPlan } from '../control/messages.ts';
import type { Policy } from '../model/policy.ts';
import type { Descriptor } from '../native/descriptor.ts';
import { planReload } from './plan-reload.ts';
import { readPolicy } from './read-policy.ts';
import { type Renewed, renewRules } from './renew-rules.ts';
import { restartNeeds } from './restart-needs.ts';
import type { Rules } from './rules.ts';

/** A policy that has come, and what it would make of things; `restart-needed`: more than a reload can do. */
export type Prepared =
  | { readonly kind: 'restart-needed'; readonly policy: Policy; readonly settings: readonly string[] }
  | { readonly kind: 'ready'; readonly policy: Policy; readonly plan: ReloadPlan; readonly renewed: Renewed };

/** All that can be done about a policy before it is in force, in small steps; the descriptor is closed. */
export function* prepareReload(
  descriptor: Descriptor,
  { running, kept }: { readonly running: Rules; readonly kept: ReadonlyMap<number, number> },
): Generator<void, Prepared> {
  const policy = yield* readPolicy(descriptor);
  const settings = restartNeeds(running.policy, policy);
  if (settings.length > 0) return { kind: 'restart-needed', policy, settings };
  const renewed = yield* renewRules(running, { policy, kept });
  const plan = planReload({ running, policy, kept });
  yield;
  return { kind: 'ready', policy, plan, renewed };
}
