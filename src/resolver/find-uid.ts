import { open } from 'node:fs/promises';
import type { OwnedConnection } from '../model/owner.ts';
import { type ConnectionTable, rowKeyOf, uidOfRow } from './connection-table.ts';

const TABLES: readonly ConnectionTable[] = ['tcp', 'tcp6'];
const CHUNK_BYTES = 65_536;
/** A row has 150 bytes: a hundred thousand connections. Somebody waits for the answer. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads a table piece by piece, as it can be long; rejects when it cannot be read. */
async function findInTable(path: string, key: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(CHUNK_BYTES);
    let rest = '';
    for (let total = 0; total < MOST_BYTES; ) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, null);
      if (bytesRead === 0) return undefined;
      total += bytesRead;
      const rows = (rest + Buffer.from(bytes.subarray(0, bytesRead)).toString('latin1')).split('\n');
      rest = rows.pop() ?? '';
      const row = rows.find((each) => each.includes(key) && uidOfRow(each, key) !== undefined);
      if (row !== undefined) return uidOfRow(row, key);
    }
    throw new Error(`"${path}" is larger than what is read of it`);
  } finally {
    await file.close();
  }
}

/** Whose a connection of this machine is; undefined: there is none. Rejects when that cannot be known. */
export async function findUid(
  ends: OwnedConnection,
  directory = '/proc/self/net',
): Promise<number | undefined> {
  for (const table of TABLES) {
    const key = rowKeyOf(table, ends);
    const uid = key && (await findInTable(`${directory}/${table}`, key));
    if (uid !== undefined && uid !== '') return uid;
  }
  return undefined;
}
