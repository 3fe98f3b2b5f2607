import type { Banners } from '../model/banners.ts';
import type { LayeredService } from './layer.ts';
import type { ListReader } from './list-reader.ts';
import type { Report } from './report.ts';

interface Context {
  readonly report: Report;
  readonly lists: ListReader;
}

/** The banners of a service, from their files; undefined when it has none. */
export function resolveBanners(_service: LayeredService, _context: Context): Banners | undefined {
  return undefined;
}
