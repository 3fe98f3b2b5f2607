import { lstatSync, type Stats } from 'node:fs';
import type { Banners } from '../model/banners.ts';
import { isDatagram } from '../model/listen-address.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Problem, Report } from './report.ts';
import type { PlacedListener } from './resolve-listeners.ts';

/** They are part of what the dispatcher keeps in memory, and a client has to take all of it. */
const MOST_BYTES = 65_536;

type BannerName = 'banner' | 'banner_success' | 'banner_fail';
const NAMES: readonly BannerName[] = ['banner', 'banner_success', 'banner_fail'];

interface Context {
  readonly report: Report;
  readonly lists: ListReader;
  readonly placed: readonly PlacedListener[];
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined; // whoever reads it says why
  }
}

/** What is at the path itself: what is behind a link may be for other eyes than those of all clients (S96). */
function faultOf(path: string): Pick<Problem, 'code' | 'message'> | undefined {
  const stats = look(path);
  const subject = `Cannot use ${quote(path)} as a banner`;
  if (stats?.isSymbolicLink()) return { code: 'config/not-a-file', message: `${subject}: it is a link` };
  if (!stats?.isFile() || stats.size <= MOST_BYTES) return undefined;
  return { code: 'config/too-large', message: `${subject}: it is larger than 64 KiB` };
}

/** The bytes of one; undefined when there are none, and after a report. */
function read(
  service: LayeredService,
  { name, report, lists }: Context & { readonly name: BannerName },
): Uint8Array | undefined {
  const setting = service.settings[name];
  if (!setting) return undefined;
  const at = placeOfSetting(service, setting);
  // xinetd serves without it then, and a service of its user that is gone would be worse.
  if (report.leavesOut && lists.isMissing(setting.value)) {
    const message = `Found no banner at ${quote(setting.value)}: the service is served without it`;
    report.add({ code: 'config/no-effect', at, message });
    return undefined;
  }
  const fault = faultOf(setting.value);
  if (fault) {
    report.add({ ...fault, at });
    return undefined;
  }
  const bytes = lists.readBytes(setting.value, at);
  return bytes && bytes.length > 0 ? bytes : undefined;
}

/** Why nobody can be told anything: the connection is not ours, or there is none. */
function uselessness(service: LayeredService, { placed }: Context): string | undefined {
  if (service.settings.wait?.value) return 'with "wait" its handler accepts';
  const hasStreams = placed.length === 0 || placed.some(({ listener }) => !isDatagram(listener.scheme));
  return hasStreams ? undefined : 'whoever sends a datagram is told nothing';
}

/** The banners of a service, from their files; undefined when it has none. */
export function resolveBanners(service: LayeredService, context: Context): Banners | undefined {
  const why = uselessness(service, context);
  if (why === undefined) {
    const [always, success, fail] = NAMES.map((name) => read(service, { ...context, name }));
    return always || success || fail ? { always, success, fail } : undefined;
  }
  for (const name of NAMES.filter((each) => service.own.has(each))) {
    const message = `Found no use for ${quote(name)} in service ${quote(service.name)}: ${why}`;
    const at = placeOfSetting(service, service.settings[name]);
    context.report.add({ code: 'config/no-effect', at, message });
  }
  return undefined;
}
