import type { Sandbox } from '../model/sandbox.ts';
import type { Identity } from '../model/service.ts';
import { checkExecPaths } from './check-exec-paths.ts';
import { checkLandlock } from './check-landlock.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { resolveCredentials } from './resolve-credentials.ts';
import { resolveFilter } from './resolve-filter.ts';
import { type Need, neededCapabilities } from './sandbox/needed-capabilities.ts';
import { planLandlock } from './sandbox/plan-landlock.ts';
import { planSandbox } from './sandbox/plan-sandbox.ts';
import { type Wishes, wishesOf } from './sandbox/wishes.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** Who is kept from writing to a part can be kept from writing to all, by anybody. */
function otherwise({ attribute }: Need, { protectSystem, protectHome, chroot }: Wishes): string {
  const isWriting = attribute === 'protect_system' || attribute === 'read_only_paths';
  const isPart = isWriting || (attribute === 'protect_home' && protectHome === 'read-only');
  return isPart && protectSystem !== 'strict' && chroot === undefined
    ? ', or write "protect_system: strict" and "read_write_paths", which need none'
    : '';
}

/** A sandbox that is not what is written would be worse than none. */
function checkNeeds(service: LayeredService, options: Context & { readonly wishes: Wishes }): void {
  const { settings, name } = service;
  const { host, report, wishes } = options;
  for (const need of neededCapabilities(wishes, (attribute) => settings[attribute] !== undefined)) {
    if (host.capabilities.has(need.capability)) continue;
    const at = placeOfSetting(service, settings[need.attribute]);
    const message = `Cannot use "${need.attribute}" in service ${quote(name)}: zinetd has no ${need.capability}`;
    report.add({
      code: 'config/no-capability',
      at,
      message,
      help: `start zinetd as root, or with that capability${otherwise(need, wishes)}`,
    });
  }
}

/** What would be undone by what else is written. */
function checkSense(
  service: LayeredService,
  { report, wishes }: Context & { readonly wishes: Wishes },
): void {
  const { settings, name } = service;
  if (wishes.readWritePaths.length > 0 && !wishes.protectSystem && wishes.readOnlyPaths.length === 0) {
    const at = placeOfSetting(service, settings.read_write_paths);
    const message = `Cannot make use of "read_write_paths" in service ${quote(name)}: nothing is read-only`;
    report.add({ code: 'config/no-effect', at, message, help: 'write "protect_system: strict" beside it' });
  }
}

/** What keeps the handler from more than its work, as calls of the child that becomes it. */
export function resolveSandbox(
  service: LayeredService,
  context: Context & { readonly lists: ListReader; readonly identity: Identity | undefined },
): Sandbox | undefined {
  const wishes = wishesOf(service);
  checkNeeds(service, { ...context, wishes });
  checkLandlock(service, { ...context, rules: planLandlock(wishes, context.host.capabilities) });
  checkSense(service, { ...context, wishes });
  checkExecPaths(service, context);
  const filter = resolveFilter(service, context);
  const credentials = resolveCredentials(service, context);
  const { host, identity } = context;
  return planSandbox(wishes, { own: host.capabilities, filter, credentials, identity });
}
