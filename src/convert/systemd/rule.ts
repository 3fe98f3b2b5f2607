/** What is said of a setting that nothing else looks at. */
export interface Rule {
  /**
   * `used`: it becomes something; `silent`: it changes nothing for who is served, or zinetd does it anyhow; `lost`: left out with
   * a warning; `refused`: without it the service would be another one.
   */
  readonly kind: 'used' | 'silent' | 'lost' | 'refused';
  /** Why, behind a colon. */
  readonly why: string;
  /** Values that say what zinetd does in any case. */
  readonly unless?: RegExp | undefined;
}

export type Rules = ReadonlyMap<string, Rule>;

const NO = /^(0|no|n|false|f|off)$/i;
const NOTHING = 'nothing in zinetd says that';

function rows(names: string, rule: Rule): readonly (readonly [string, Rule])[] {
  return names.split(' ').map((name) => [name, rule] as const);
}

export function used(names: string): readonly (readonly [string, Rule])[] {
  return rows(names, { kind: 'used', why: '' });
}

export function silent(names: string): readonly (readonly [string, Rule])[] {
  return rows(names, { kind: 'silent', why: '' });
}

export function lost(
  names: string,
  why: string = NOTHING,
  unless: RegExp = NO,
): readonly (readonly [string, Rule])[] {
  return rows(names, { kind: 'lost', why, unless });
}

export function refused(
  names: string,
  why: string,
  unless: RegExp = NO,
): readonly (readonly [string, Rule])[] {
  return rows(names, { kind: 'refused', why, unless });
}
