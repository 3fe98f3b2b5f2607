import { type Diagnostic, spanOf } from '../config/diagnostic.ts';
import type { MapEntry, MapNode } from '../config/syntax-node.ts';
import { changeServices } from './services-in.ts';
import { mapNode } from './tree.ts';

/** What a service can do without, as xinetd has it: of all other files it cannot. */
const BANNERS: ReadonlySet<string> = new Set(['banner', 'banner_success', 'banner_fail']);

const UNREAD: ReadonlySet<string> = new Set(['config/no-effect', 'config/unreadable']);

function isAt({ span }: Diagnostic, { value }: MapEntry): boolean {
  const { file, range } = spanOf(value.place);
  return span.file === file && span.range?.line === range?.line && span.range?.column === range?.column;
}

function withoutUnread(service: MapEntry, unread: readonly Diagnostic[]): MapEntry {
  if (service.value.kind !== 'map') return service;
  const entries = [...service.value.entries.values()].filter(
    (entry) => !BANNERS.has(entry.key) || !unread.some((diagnostic) => isAt(diagnostic, entry)),
  );
  return { ...service, value: mapNode(entries, service.value.place) };
}

/** The document without banners that cannot be read, each of which is told of: of a document they would stop everything. */
export function dropBanners(root: MapNode, diagnostics: readonly Diagnostic[]): MapNode {
  const unread = diagnostics.filter(({ code }) => UNREAD.has(code));
  if (unread.length === 0) return root;
  return changeServices(root, (services) => services.map((service) => withoutUnread(service, unread)));
}
