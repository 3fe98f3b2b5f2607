import type { Principal } from './document.ts';

/** A user or group as written: an id, or a name to look up. The schema has seen to the form (S24). */
export type PrincipalText = { readonly id: number } | { readonly name: string };

export function parsePrincipal(value: Principal): PrincipalText {
  if (typeof value === 'number') return { id: value };
  return /^[0-9]+$/.test(value) ? { id: Number(value) } : { name: value };
}
