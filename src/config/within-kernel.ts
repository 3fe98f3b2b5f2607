import { cgroupLacks } from './cgroups/cgroup-lacks.ts';
import type { AttributeName } from './document.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { KERNEL_FEATURES } from './sandbox/kernel-features.ts';
import { isByLandlock } from './sandbox/plan-landlock.ts';
import { wishesOf } from './sandbox/wishes.ts';
import type { Settings, SettingsGroup } from './settings.ts';
import { startsHandler } from './starts-handler.ts';

interface Lack {
  readonly attribute: AttributeName;
  /** The setting that asks for it. */
  readonly by: AttributeName;
  readonly reason: string;
  readonly advice: string;
}

/** Which setting asks for an attribute: it does itself, or another one implies it (resolve-filter.ts). */
function askedBy(settings: Settings, attribute: AttributeName): AttributeName | undefined {
  const value = settings[attribute]?.value;
  if (value !== undefined) return value === false ? undefined : attribute;
  const isImplied = attribute === 'restrict_suid_sgid' && settings.dynamic_user?.value === true;
  return isImplied ? 'dynamic_user' : undefined;
}

/** What is asked for and cannot be had; the first feature that an attribute lacks is enough. */
function kernelLacks(service: LayeredService, { kernel, capabilities }: Host): readonly Lack[] {
  if (!kernel) return [];
  const { settings } = service;
  const way = isByLandlock(wishesOf(service), capabilities) ? 'Landlock' : 'mounts';
  const features = KERNEL_FEATURES.filter((feature) => (feature.way ?? way) === way);
  const lacks = features
    .filter((feature) => !feature.isThere(kernel))
    .flatMap((feature) =>
      feature.attributes.flatMap((attribute) => {
        const by = askedBy(settings, attribute);
        const reason = `this kernel has no ${feature.name}`;
        return by === undefined ? [] : [{ attribute, by, reason, advice: feature.advice }];
      }),
    );
  return lacks.filter(
    (lack, index) => lacks.findIndex(({ attribute }) => attribute === lack.attribute) === index,
  );
}

/** Who writes "-" in front knows that it may not be there. */
function isOptional({ settings }: LayeredService, { by }: Lack): boolean {
  const value = settings[by]?.value;
  return typeof value === 'string' && value.startsWith('-');
}

function tell(
  service: LayeredService,
  { lack, report }: { readonly lack: Lack; readonly report: Report },
): void {
  const { settings, name } = service;
  const { by, reason, advice } = lack;
  const isRequired = settings.required?.value === true;
  const lacking = `Cannot keep to "${by}" in service ${quote(name)}: ${reason}`;
  report.add({
    code: isRequired ? 'config/kernel-too-poor' : 'config/kernel-lacks',
    at: placeOfSetting(service, settings[by]),
    message: isRequired ? lacking : `${lacking}, and the handler runs without`,
    help: isRequired ? advice : `${advice}; "required: true" refuses the service instead`,
  });
}

/** What is on or off is off. The rest counts as set and reported, so that nothing misses it. */
function without({ settings, faulty }: LayeredService, lacks: readonly Lack[]): SettingsGroup {
  const off = lacks.filter(({ attribute, by }) => by !== attribute || settings[attribute]?.value === true);
  const gone = lacks
    .map(({ attribute }) => attribute)
    .filter((attribute) => !off.some((it) => it.attribute === attribute));
  const kept = Object.entries(settings).filter(([name]) => !gone.includes(name as AttributeName));
  const changed = off.map(({ attribute }) => [attribute, { value: false, node: undefined }]);
  return {
    settings: Object.fromEntries([...kept, ...changed]) as Settings,
    faulty: new Set([...faulty, ...gone]),
  };
}

/**
 * A service as this kernel can have it: what it lacks is told, and off. One configuration can serve machines of several
 * ages so; a service that says `required` is refused where it would be less than what is written.
 */
export function withinKernel(
  service: LayeredService,
  { host, report }: { readonly host: Host; readonly report: Report },
): LayeredService {
  if (!startsHandler(service)) return service;
  const cgroups = cgroupLacks(service, host.cgroups).map((lack) => ({ ...lack, by: lack.attribute }));
  const lacks = [...kernelLacks(service, host), ...cgroups];
  if (lacks.length === 0) return service;
  for (const lack of lacks.filter((each) => !isOptional(service, each))) tell(service, { lack, report });
  return { ...service, ...without(service, lacks) };
}
