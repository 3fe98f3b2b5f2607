import type { Call } from '../../control/call.ts';
import type { ControlParts } from './control-parts.ts';
import { findService } from './find-service.ts';
import { serviceWord } from './service-word.ts';

/** Lets clients in again. One that a reload has taken out meanwhile can be enabled as well: it may come back. */
export function answerEnable(parts: ControlParts, call: Call<'enable'>): void {
  const { switches, pacer } = parts.floor();
  const { service: name } = call.params;
  if (!switches.isOn(name) && !isConfigured(parts, name)) {
    switches.turnOn(name, () => call.result({ was: 'disabled' }));
    return;
  }
  const service = findService(parts.floor(), { name, action: 'enable', call });
  if (service === undefined) return;
  const was = serviceWord(parts, service);
  switches.turnOn(name, () => call.result({ was }));
  pacer.look(service);
}

function isConfigured({ floor }: ControlParts, name: string): boolean {
  return floor().rules.policy.services.some((service) => service.name === name);
}
