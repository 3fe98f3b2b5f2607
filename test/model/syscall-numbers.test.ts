import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SYSCALL_NAMES, syscallNumber } from '../../src/model/syscall-numbers.ts';

const HEADERS = [
  { architecture: 'x64', path: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h' },
  { architecture: 'arm64', path: '/usr/include/asm-generic/unistd.h' },
] as const;

it.each(HEADERS.filter(({ path }) => existsSync(path)))(
  'the numbers for $architecture are those of the kernel headers',
  ({ architecture, path }) => {
    const defined = new Map<string, number>();
    for (const [, name = '', number] of readFileSync(path, 'latin1').matchAll(
      /^#define __NR(?:3264)?_(\w+)\s+(\d+)/gm,
    )) {
      if (!defined.has(name)) defined.set(name, Number(number));
    }
    // Headers older than a call do not have it.
    const known = SYSCALL_NAMES.filter((name) => defined.has(name));
    expect(known.length).toBeGreaterThan(100);
    for (const name of known)
      expect({ name, number: syscallNumber(name, architecture) }).toEqual({
        name,
        number: defined.get(name),
      });
  },
);
