import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ledger, type Ticket } from '../../src/supervise/ledger.ts';

describe('the ledger', () => {
  test('is back at zero when every ticket is spent, in any order (promise 7, S9)', () => {
    const moves = fc.array(fc.record({ service: fc.nat({ max: 3 }), spend: fc.nat({ max: 5 }) }));
    fc.assert(
      fc.property(moves, (steps) => {
        const ledger = new Ledger();
        const open: { service: number; ticket: Ticket }[] = [];
        for (const { service, spend } of steps) {
          open.push({ service, ticket: ledger.reserve(service) });
          for (const { ticket } of open.splice(0, spend)) ticket.spend();
          for (let each = 0; each < 4; each++) {
            expect(ledger.running(each)).toBe(open.filter((entry) => entry.service === each).length);
          }
        }
        for (const { ticket } of open) ticket.spend();
        expect([0, 1, 2, 3].map((each) => ledger.running(each))).toEqual([0, 0, 0, 0]);
      }),
    );
  });

  test('calls a ticket that is spent twice a bug', () => {
    const ticket = new Ledger().reserve(0);
    ticket.spend();
    expect(() => ticket.spend()).toThrow(/twice/);
  });
});
