import { describe, expect, test } from 'vitest';
import { adoptChild } from '../../src/dispatcher/outcome.ts';
import type { ServicePolicy } from '../../src/model/policy.ts';
import { endpoint } from '../admission/example-facts.ts';
import { cap, PlayFloor, spawnerEvent } from './play-floor.ts';

const claimed = { isClaimed: true };
const penalties: ServicePolicy['penalties'] = {
  ...{ crashMs: 90_000, refusedMs: 90_000, tooFastMs: 90_000, timeLimitMs: 0, exitStatus: [] },
  ...{ thresholdMs: 1000, maxMs: 600_000 },
};
const rate = { count: 1, perMs: 60_000, burst: 1 };
const SIGSEGV = 11;

describe('whoever is only claimed to be there, by a datagram', () => {
  test('is asked nothing and told nothing, and has a handler all the same (S65)', () => {
    const play = new PlayFloor([{}]);
    play.isGone = true;
    play.arrive('192.0.2.7', 0, claimed);
    expect(play.sent).toMatchObject([{ type: 'launch' }]);
    play.arrive('192.0.2.7', 0);
    expect(play.events).toMatchObject([{ type: 'failed', failure: { step: 'client_gone' } }]);
  });

  test('is not banned for what comes of it, whether it is refused or its handler crashes (S62)', () => {
    const play = new PlayFloor([{ ratePerSource: rate, penalties }]);
    const id = play.arrive('192.0.2.7', 0, claimed);
    play.arrive('192.0.2.7', 0, claimed);
    play.handle(id, { status: SIGSEGV });
    expect(play.types()).toEqual(['refused', 'started', 'exited']);
    expect(play.floor.bans.table.size).toBe(0);
  });

  test('is told no text and held in no tarpit when it is refused', () => {
    const policies = { ...new PlayFloor([{}]).floor.rules.policy.services[0]?.policies };
    const tarpit = { kind: 'tarpit', bytesPerSecond: 1, slots: 9, text: ['no'] } as const;
    const play = new PlayFloor([
      {
        ratePerSource: rate,
        policies: { ...policies, rate_per_source: tarpit } as ServicePolicy['policies'],
      },
    ]);
    play.arrive('192.0.2.7', 0, claimed);
    const refused = play.arrive('192.0.2.7', 0, claimed);
    play.world.pass(5000);
    expect(play.told).toEqual([]);
    expect(play.closed).toEqual([100 + refused]);
  });

  test('is what a new dispatcher takes it for, wherever a service has datagrams (S62)', () => {
    const udp = { scheme: 'udp', address: endpoint('127.0.0.1', 53) } as const;
    const play = new PlayFloor([{ penalties, listeners: [udp] }, { penalties }]);
    for (const [id, service] of [
      [1, 0],
      [2, 1],
    ] as const) {
      adoptChild(play.floor, spawnerEvent({ id, service }));
      play.handle(id, { status: SIGSEGV, service });
      expect(play.floor.bans.table.size).toBe(service);
    }
  });
});

describe('those whose address nobody knows', () => {
  test('are not one source: they count for the service, and for nobody else', () => {
    const play = new PlayFloor([{ perSource: 1, ratePerSource: rate, instances: cap(3) }], {
      maxProcesses: cap(4),
    });
    for (let count = 0; count < 3; count++) play.arrive('0.0.0.0', 0, claimed);
    expect(play.running()).toBe(3);
    play.arrive('0.0.0.0', 0, claimed);
    expect(play.refusals).toEqual(['service_limit']);
  });

  test('is what a new dispatcher takes it for where proxies bring clients: it may be one of those (S59)', () => {
    const nobody = { tables: [], names: [], peers: [] };
    const play = new PlayFloor([{ penalties, proxy: { from: nobody, timeoutMs: 3000 } }]);
    adoptChild(play.floor, spawnerEvent({ id: 1, service: 0 }));
    play.handle(1, { status: SIGSEGV, service: 0 });
    expect(play.floor.bans.table.size).toBe(0);
  });
});
