import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenConnections } from '../../src/dispatcher/open-connections.ts';
import { type ConnectionHolder, PooledConnection } from '../../src/dispatcher/pooled-connection.ts';
import { endpoint } from '../admission/example-facts.ts';

const peer = endpoint('192.0.2.7', 4000);
const ticket = { spend: () => {} };

function connectionOf(id: number): PooledConnection {
  const connection = { id, service: 0, peer };
  return new PooledConnection({} as ConnectionHolder, { connection, ticket, sinceMs: 0 });
}

test('what a worker has is found by its number, and has its order, whichever ends first', () => {
  const step = fc.record({ isNew: fc.boolean(), which: fc.nat({ max: 200 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const open = new OpenConnections<PooledConnection>();
      const model = new Map<number, PooledConnection>();
      let id = 1;
      for (const { isNew, which } of steps) {
        const ended = [...model.values()][which % Math.max(model.size, 1)];
        if (isNew || !ended) {
          const connection = connectionOf(id++);
          open.add(connection);
          model.set(connection.id, connection);
        } else {
          open.remove(ended);
          model.delete(ended.id);
          expect(open.find(ended.id)).toBeUndefined();
        }
        expect(open.size).toBe(model.size);
        expect(open.oldest).toBe([...model.values()][0]);
      }
      expect(open.all).toEqual([...model.values()]);
      for (const [number, connection] of model) expect(open.find(number)).toBe(connection);
    }),
  );
});

test('what has ended leads to nobody who is there', () => {
  const open = new OpenConnections<PooledConnection>();
  const three = [1, 2, 3].map(connectionOf);
  for (const each of three) open.add(each);
  for (const each of three) open.remove(each);
  for (const { next, older, newer } of three)
    expect([next, older, newer]).toEqual([undefined, undefined, undefined]);
});
