import { resolve } from 'node:path';
import { type LayerFile, layer } from '../harness/layer.ts';
import { openPlace, type Place } from '../harness/open-place.ts';
import { UNPACKED } from '../harness/prepare-packages.ts';

const HOSTS = '127.0.0.1 localhost\n::1 localhost ip6-localhost\n';

/** A place that looks as if all packages of the suite were installed, with these files besides, by absolute path. */
export function machine(
  files: Readonly<Record<string, LayerFile>> = {},
  options: { readonly ownTmp?: boolean } = {},
): Promise<Place> {
  return openPlace({ over: [layer({ '/etc/hosts': HOSTS, ...files }), resolve(UNPACKED)], ...options });
}
