import { fstatSync, readSync } from 'node:fs';
import { factsOfBoot } from '../compile/boot.ts';
import type { CompilerFacts } from './facts.ts';

/** What the spawner gives to compilers: its boot record. */
const BOOT_FD = 5;

/** What `run` has found out. */
export function readFacts(): CompilerFacts {
  const bytes = new Uint8Array(fstatSync(BOOT_FD).size);
  readSync(BOOT_FD, bytes, { position: 0 });
  return JSON.parse(factsOfBoot(bytes)) as CompilerFacts;
}
