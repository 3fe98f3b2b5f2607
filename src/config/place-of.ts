import { itemNode } from './item-node.ts';
import type { LayeredService } from './layer.ts';
import type { Setting } from './settings.ts';
import type { Place } from './source.ts';

/** Where a setting was written; the name of the service for what is built in. */
export function placeOfSetting(service: LayeredService, setting: Setting<unknown> | undefined): Place {
  return setting?.node?.place ?? service.place;
}

/** Where an item of a list was written, or the setting itself if it is no list. */
export function placeOfItem(
  service: LayeredService,
  options: { readonly setting: Setting<unknown> | undefined; readonly index: number },
): Place {
  const { setting, index } = options;
  return itemNode(setting?.node, index)?.place ?? placeOfSetting(service, setting);
}
