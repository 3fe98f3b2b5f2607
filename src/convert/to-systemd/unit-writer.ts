import type { AttributeName } from '../../config/document.ts';
import type { LayeredService } from '../../config/layer.ts';
import { placeOfSetting } from '../../config/place-of.ts';
import { quote } from '../../config/quote.ts';
import type { Report } from '../../config/report.ts';

/** A line of a unit; without a value it is nothing. */
export interface UnitLine {
  readonly unit: 'socket' | 'service';
  readonly name: string;
  readonly value: string;
}

export function inSocket(name: string, value: string | number): UnitLine {
  return { unit: 'socket', name, value: String(value) };
}

export function inService(name: string, value: string | number): UnitLine {
  return { unit: 'service', name, value: String(value) };
}

/** A service on its way, and where to tell what units have no words for. */
export interface UnitContext {
  readonly service: LayeredService;
  readonly report: Report;
  readonly isWaiting: boolean;
}

function placeOf(name: AttributeName, { service }: UnitContext): ReturnType<typeof placeOfSetting> {
  return placeOfSetting(service, service.settings[name]);
}

/** The service would be another one, or open to others: it is left out. */
export function cannot(name: AttributeName, reason: string, context: UnitContext): readonly [] {
  const message = `Cannot say "${name}" of service ${quote(context.service.name)} in units of systemd: ${reason}`;
  context.report.add({ code: 'to-systemd/cannot', at: placeOf(name, context), message });
  return [];
}

/** Not there, and the rest is. */
export function leaveOut(name: AttributeName, reason: string, context: UnitContext): readonly [] {
  const message = `Left out "${name}" of service ${quote(context.service.name)}: ${reason}`;
  context.report.add({ code: 'to-systemd/left-out', at: placeOf(name, context), message });
  return [];
}

/** There, and not quite the same. */
export function differs(name: AttributeName, reason: string, context: UnitContext): void {
  const message = `Took "${name}" of service ${quote(context.service.name)} over as far as systemd goes: ${reason}`;
  context.report.add({ code: 'to-systemd/differs', at: placeOf(name, context), message });
}
