import type { AccessTimes } from '../model/access-times.ts';
import { parseAccessWindow } from './access-window.ts';
import type { Host } from './host.ts';
import type { LayeredService } from './layer.ts';
import { placeOfSetting } from './place-of.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { timeZoneFault } from './time-zone.ts';

interface Context {
  readonly host: Host;
  readonly report: Report;
}

/** The zone as written, or the host's; undefined after a report. */
function zoneOf(service: LayeredService, { host, report }: Context): string | undefined {
  const { time_zone: written, access_times: times } = service.settings;
  if (!written) {
    if (host.timeZone !== undefined) return host.timeZone;
    const message = `Cannot use "access_times" in service ${quote(service.name)}: the time zone of this host has no name`;
    const at = placeOfSetting(service, times);
    report.add({ code: 'config/time-zone', at, message, help: 'write "time_zone"' });
    return undefined;
  }
  const fault = timeZoneFault(written.value);
  if (!fault) return written.value;
  const message = `Cannot use "time_zone" in service ${quote(service.name)}: ${fault.reason}`;
  report.add({ code: 'config/time-zone', at: placeOfSetting(service, written), message, help: fault.help });
  return undefined;
}

/** When the service is open; undefined for always, and after a report. */
export function resolveTimes(service: LayeredService, context: Context): AccessTimes | undefined {
  const { access_times: times, time_zone: zone } = service.settings;
  const timeZone = times || zone ? zoneOf(service, context) : undefined;
  if (!times || timeZone === undefined) return undefined;
  const windows = times.value.map(parseAccessWindow).filter((window) => 'days' in window);
  return { windows, timeZone };
}
