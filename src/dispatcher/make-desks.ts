import type { Request } from '../control/messages.ts';
import type { CallOutcome } from '../control/session.ts';
import type { ControlFault } from '../model/control-fault.ts';
import type { Binding } from '../native/binding.ts';
import { ByteReader } from '../native/byte-reader.ts';
import type { Poller } from '../native/poller.ts';
import { controlHandlers } from './control/control-handlers.ts';
import type { ControlParts } from './control/control-parts.ts';
import { tellControlled } from './control/tell-controlled.ts';
import { ControlDesk } from './control-desk.ts';
import { ControlFaults } from './control-faults.ts';
import { Desks } from './desks.ts';
import { Exposer } from './exposer.ts';
import { Metrics } from './metrics.ts';
import { MetricsDesk } from './metrics-desk.ts';
import { Turns } from './turns.ts';

const READ_BYTES = 16_384;
const ROOT = 0;

export interface DeskParts extends ControlParts {
  readonly binding: Binding;
  readonly poller: Poller;
}

/** Who answers those that come to zinetd itself. */
export function makeDesks(options: DeskParts): Desks {
  const { binding, poller, world, bus, floor } = options;
  const reader = new ByteReader(binding, READ_BYTES);
  const faults = new ControlFaults({ bus, after: world.after });
  const shared = {
    parts: { binding, poller, reader, nowMs: world.nowMs, after: world.after },
    turns: new Turns(world),
    handlers: controlHandlers(options),
    onFault: (uid: number, fault: ControlFault) => faults.add(uid, fault),
    onAnswered: (uid: number, request: Request, outcome: CallOutcome) => {
      if (outcome === 'not-permitted') faults.add(uid, outcome);
      else tellControlled(options, { uid, request, outcome });
    },
  };
  const isOwner = (uid: number): boolean => uid === ROOT || uid === floor().rules.policy.ownerUid;
  const metrics = new Metrics(options);
  const exposer = new Exposer({ world, view: () => metrics.view() });
  const desks = {
    control: new ControlDesk({ ...shared, access: 'admin', isWelcome: isOwner }),
    'control-read': new ControlDesk({ ...shared, access: 'read', isWelcome: () => true }),
    metrics: new MetricsDesk({
      parts: shared.parts,
      expose: (format, callback) => exposer.expose(format, callback),
    }),
  };
  return new Desks(desks, metrics);
}
