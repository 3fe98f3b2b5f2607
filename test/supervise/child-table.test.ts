import { describe, expect, test } from 'vitest';
import { NOBODY } from '../../src/model/nobody.ts';
import { type Child, ChildTable } from '../../src/supervise/child-table.ts';

const handler = { slot: 7n, pid: 42, sinceMs: 0 };

function child(id: number, service = 0): Child {
  return { connection: { id, service, peer: NOBODY }, ticket: { spend: () => {} } };
}

function never(): Child {
  throw new Error('It was launched by this dispatcher');
}

describe('the table of children', () => {
  test('counts each as launching, then as running, then not any more (promise 7)', () => {
    const table = new ChildTable();
    table.launch(child(1));
    table.launch(child(2, 5));
    expect([table.launching, table.launchingOf(5), table.running]).toEqual([2, 1, 0]);
    expect(table.run(2, { handler, adopt: never }).connection.id).toBe(2);
    expect([table.launching, table.launchingOf(5), table.running]).toEqual([1, 0, 1]);
    expect([...table.handlers].map(({ connection }) => connection.id)).toEqual([2]);
    expect([...table.awaited].map(({ connection }) => connection.id)).toEqual([1]);
    expect([table.handlerOf(1), table.handlerOf(2)]).toEqual([undefined, handler]);
    expect(table.end(1)?.connection.id).toBe(1);
    expect(table.end(2)?.connection.id).toBe(2);
    expect([table.launching, table.running, table.end(2)]).toEqual([0, 0, undefined]);
  });

  test('takes in a child of an earlier dispatcher once, also when it is told of twice', () => {
    const table = new ChildTable();
    let adopted = 0;
    const adopt = (): Child => {
      adopted++;
      return child(9, 3);
    };
    table.run(9, { handler, adopt });
    table.run(9, { handler: { ...handler, pid: 43 }, adopt });
    expect([adopted, table.running, table.launching, table.launchingOf(3)]).toEqual([2, 1, 0, 0]);
    expect(table.handlerOf(9)?.pid).toBe(43);
  });
});
