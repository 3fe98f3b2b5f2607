import { didYouMean } from '../../config/nearest.ts';
import type { Call } from '../../control/call.ts';
import { quoteText } from '../../model/escape.ts';
import type { Floor } from '../floor.ts';

/** Our number for a service of the configuration in force; undefined after the client was told that there is none. */
export function findService(
  floor: Floor,
  {
    name,
    action,
    call,
  }: { readonly name: string; readonly action: string; readonly call: Pick<Call<'enable'>, 'error'> },
): number | undefined {
  const { policy, services } = floor.rules;
  const names = policy.services.map((service) => service.name);
  if (names.includes(name)) return services.findIndex(({ service }) => service.policy.name === name);
  const help = didYouMean(name, names);
  const advice = help === undefined ? '' : ` (${help})`;
  call.error('not-found', `Cannot ${action} ${quoteText(name)}: no such service${advice}`);
  return undefined;
}
