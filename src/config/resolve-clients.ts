import type { ClientRule } from '../model/client-certificate.ts';
import { parseClientNotation } from './client-notation.ts';
import { entryNode } from './entry-node.ts';
import { itemNode } from './item-node.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { lineIndexAt } from './source.ts';

/** Whose certificates a service takes; undefined where none are written, and after a report. */
export function resolveClients(service: LayeredService, report: Report): readonly ClientRule[] | undefined {
  const setting = service.settings.tls;
  const written = setting?.value.clients;
  if (!setting || !written) return undefined;
  const list = entryNode(setting.node, 'clients');
  const place = list?.place ?? placeOfSetting(service, setting);
  if ((setting.value.client ?? 'none') === 'none') {
    const message = `Cannot use "clients" in service ${quote(service.name)}: "client" does not ask for certificates`;
    report.add({ code: 'config/conflict', at: place, message, help: 'write "client: required"' });
    return undefined;
  }
  return written.flatMap((text, index) => {
    const parsed = parseClientNotation(text);
    if ('reason' in parsed) return []; // reported by validation
    const { source, start } = itemNode(list, index)?.place ?? place;
    return [{ key: parsed.key, text, file: source.name, line: lineIndexAt(source, start) + 1 }];
  });
}
