import type { AttributeName } from './document.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { CGROUP_SHAPE } from './schema-cgroup.ts';
import { FILTER_SHAPE } from './schema-filter.ts';
import { SANDBOX_SHAPE } from './schema-sandbox.ts';
import { startsHandler } from './starts-handler.ts';

const CONFINING = [
  ...(Object.keys({ ...SANDBOX_SHAPE, ...FILTER_SHAPE, ...CGROUP_SHAPE }) as AttributeName[]),
  'credentials',
] as const;

/** What keeps handlers from something says nothing of a service that has none; zinetd is confined in any case. */
export function checkConfined(service: LayeredService, { report }: { readonly report: Report }): void {
  if (startsHandler(service)) return;
  for (const name of CONFINING.filter((each) => service.own.has(each))) {
    report.add({
      code: 'config/no-effect',
      at: placeOfSetting(service, service.settings[name]),
      message: `Found no use for ${quote(name)} in service ${quote(service.name)}: it starts nothing`,
    });
  }
}
