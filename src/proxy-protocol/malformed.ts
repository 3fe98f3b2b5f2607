import type { HeaderFault, HeaderParse } from './header.ts';

export function malformed(fault: HeaderFault): HeaderParse {
  return { kind: 'malformed', fault };
}
