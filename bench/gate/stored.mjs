import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** @typedef {{host: string, rounds: number, seconds: number, ratios: Record<string, number>}} Stored */

const FILE = fileURLToPath(new URL('stored.json', import.meta.url));

/** @returns {Promise<Stored>} */
export async function readStored() {
  return JSON.parse(await readFile(FILE, 'utf8'));
}

/** @param {Stored} stored */
export async function writeStored(stored) {
  await writeFile(FILE, `${JSON.stringify(stored, null, 2)}\n`);
}
