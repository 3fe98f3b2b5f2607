import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { startsHandler } from './starts-handler.ts';

/**
 * Landlock is for those who may gain no privileges, as seccomp is (resolve-filter.ts). Where a service says that its
 * handler may, the scope that nobody has written is off; one that is written contradicts it.
 */
export function settleScope(
  service: LayeredService,
  { report }: { readonly report: Report },
): LayeredService {
  const { scoped, no_new_privileges: setting } = service.settings;
  if (!scoped?.value || setting?.value !== false || !startsHandler(service)) return service;
  if (!scoped.node) {
    return { ...service, settings: { ...service.settings, scoped: { value: false, node: undefined } } };
  }
  report.add({
    code: 'config/conflict',
    at: placeOfSetting(service, setting),
    message: `Cannot switch off "no_new_privileges" in service ${quote(service.name)}: it is "scoped"`,
    related: [{ at: scoped.node.place, message: 'it is so here' }],
  });
  return service;
}
