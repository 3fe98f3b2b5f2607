import type { SniName } from '../model/sni-name.ts';
import type { LayeredService } from './layer.ts';
import { parseListen } from './listen.ts';
import { placeOfItem } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Place } from './source.ts';

export interface PlacedSniName extends SniName {
  readonly place: Place;
}

/** The names that lead to a service, and where they were written. */
export function sniNamesOf(service: LayeredService): readonly PlacedSniName[] {
  const { listen } = service.settings;
  return [listen?.value ?? []].flat().flatMap((written, index) => {
    const text = parseListen(written);
    if ('reason' in text || text.kind !== 'sni') return [];
    return [{ door: text.door, name: text.name, place: placeOfItem(service, { setting: listen, index }) }];
  });
}

/** By which names of hosts clients of TLS come to a service; joinDoors looks at the other side. */
export function resolveSni(service: LayeredService, report: Report): readonly SniName[] {
  const names = sniNamesOf(service);
  const [first] = names;
  if (first && !service.settings.tls && !service.faulty.has('tls')) {
    const message = `Cannot use ${quote('sni://')} in service ${quote(service.name)} without "tls": who comes by it speaks TLS`;
    report.add({ code: 'config/sni', at: first.place, message, help: 'write its certificate under "tls"' });
  }
  return names.map(({ door, name }) => ({ door, name }));
}
