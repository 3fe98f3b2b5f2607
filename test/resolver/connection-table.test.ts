import { expect, test } from 'vitest';
import { rowKeyOf, uidOfRow } from '../../src/resolver/connection-table.ts';
import { endpoint } from '../admission/example-facts.ts';

const ends = { local: endpoint('127.0.0.1', 22), peer: endpoint('192.0.2.7', 4000) };
const KEY = '0100007F:0016 070200C0:0FA0';
const row = (state: string, uid: string, inode: string, key = KEY) =>
  `   0: ${key} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 20 4 0 10 -1`;

test('a connection has a key in the table of its family, and of IPv4 in both', () => {
  expect(rowKeyOf('tcp', ends)).toBe(KEY);
  expect(rowKeyOf('tcp6', ends)).toBe(
    '0000000000000000FFFF00000100007F:0016 0000000000000000FFFF0000070200C0:0FA0',
  );
  const v6 = { local: endpoint('2001:db8::1', 22), peer: endpoint('::1', 1) };
  expect(rowKeyOf('tcp6', v6)).toBe(
    'B80D0120000000000000000001000000:0016 00000000000000000000000001000000:0001',
  );
  expect(rowKeyOf('tcp', v6)).toBeUndefined();
  expect(rowKeyOf('tcp6', { ...v6, peer: ends.peer })).toBeUndefined();
});

test('a row has the uid of the connection that it is about', () => {
  expect(uidOfRow(row('01', '1000', '4711'), KEY)).toBe(1000);
  expect(uidOfRow(row('08', '0', '4711'), KEY)).toBe(0);
  expect(uidOfRow(row('01', '1000', '4711'), KEY.replace('0016', '0017'))).toBeUndefined();
});

test("what no process has any more is nobody's, and not root's", () => {
  expect(uidOfRow(row('06', '0', '0'), KEY)).toBeUndefined();
  expect(uidOfRow(row('0A', '0', '4711'), KEY)).toBeUndefined();
  expect(uidOfRow('', KEY)).toBeUndefined();
});
