import { describe, expect, test } from 'vitest';
import { Registrations } from '../../src/dispatcher/registrations.ts';
import { Bus } from '../../src/events/bus.ts';
import type { ZinetdEvent } from '../../src/events/event.ts';
import type { ListenPlace } from '../../src/model/listen-address.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import type { RpcPolicy, RpcState } from '../../src/model/rpc.ts';
import { endpoint } from '../admission/example-facts.ts';
import { servicePolicy } from '../admission/example-policy.ts';

const TCP: ListenPlace = { scheme: 'tcp', address: endpoint('0.0.0.0', 0) };
const UDP6: ListenPlace = { scheme: 'udp', address: endpoint('::', 0) };
const BASE: RpcPolicy = { program: 7, low: 1, high: 2, netids: [['tcp'], ['udp', 'udp6']] };

function serviceOf(rpc: RpcPolicy | undefined, name = 's'): ServicePolicy {
  return { ...servicePolicy(), name, rpc, listeners: [TCP, UDP6] };
}

/** Registrations whose resolver the test plays; `asked` is what it was asked. */
function played(first: readonly ServicePolicy[]) {
  const bus = new Bus();
  const events: ZinetdEvent[] = [];
  const asked: string[] = [];
  const owners = new Map<number, (state: RpcState) => void>();
  let services = first;
  bus.subscribe((event) => events.push(event));
  const registrations = new Registrations({
    bus,
    services: () => services,
    resolver: {
      register: ({ program, low, high, netid, address }, onState) => {
        owners.set(owners.size + 1, onState);
        asked.push(`+${program}.${low}-${high} ${netid} ${address}`);
        return owners.size;
      },
      unregister: (id) => void asked.push(`-${id}`),
    },
  });
  return {
    ...{ registrations, asked, events },
    opens: (local: ListenPlace, service = 's') => bus.emit({ type: 'listening', service, local }),
    says: (id: number, state: RpcState) => owners.get(id)?.(state),
    becomes: (next: readonly ServicePolicy[]) => {
      services = next;
      registrations.look();
    },
  };
}

const opened = { ...TCP, address: endpoint('0.0.0.0', 0x0102) };

describe('registrations with rpcbind', () => {
  test('are made for each socket when it is open, with the port that it got', () => {
    const { asked, opens } = played([serviceOf(BASE), serviceOf(undefined, 'other')]);
    opens(opened);
    opens(opened, 'other');
    expect(asked).toEqual(['+7.1-2 tcp 0.0.0.0.1.2']);
    opens({ ...UDP6, address: endpoint('::', 0x0304) });
    expect(asked.slice(1)).toEqual(['+7.1-2 udp 0.0.0.0.3.4', '+7.1-2 udp6 ::.3.4']);
  });

  test('follow a policy and a socket that change, what goes ahead of what comes', () => {
    const { asked, opens, becomes } = played([serviceOf(BASE)]);
    opens(opened);
    becomes([serviceOf({ ...BASE, high: 3 })]);
    expect(asked.splice(0)).toEqual(['+7.1-2 tcp 0.0.0.0.1.2', '-1', '+7.1-3 tcp 0.0.0.0.1.2']);
    opens({ ...opened, address: endpoint('0.0.0.0', 9) });
    expect(asked.splice(0)).toEqual(['-2', '+7.1-3 tcp 0.0.0.0.0.9']);
    becomes([serviceOf({ ...BASE, high: 3 })]);
    expect(asked).toEqual([]);
    becomes([]);
    expect(asked).toEqual(['-3']);
  });

  test('are told, and what may be left behind as well', () => {
    const { events, opens, says, registrations } = played([serviceOf(BASE)]);
    opens(opened);
    events.splice(0);
    says(1, { kind: 'registered' });
    says(1, { kind: 'failed', why: 'held', code: 'superuser' });
    registrations.close(() => {});
    says(1, { kind: 'left', why: 'unreachable', code: 'ETIMEDOUT' });
    expect(events).toMatchObject([
      { type: 'rpc-registered', service: 's' },
      { type: 'rpc-failed', action: 'register', why: 'held', code: 'superuser' },
      { type: 'rpc-failed', action: 'unregister', why: 'unreachable', code: 'ETIMEDOUT' },
    ]);
  });

  test('are all undone before the end is told, once', () => {
    const { opens, says, registrations } = played([serviceOf(BASE)]);
    opens(opened);
    opens({ ...UDP6, address: endpoint('::', 5) });
    let ends = 0;
    registrations.close(() => ends++);
    for (const id of [1, 2]) says(id, { kind: 'gone' });
    expect([ends, registrations.isIdle]).toEqual([0, false]);
    says(3, { kind: 'gone' });
    expect([ends, registrations.isIdle]).toEqual([1, true]);
  });

  test('have no part in the end where there are none', () => {
    let ends = 0;
    played([]).registrations.close(() => ends++);
    expect(ends).toBe(1);
  });
});
