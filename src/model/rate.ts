/** At most `count` in `perMs`, evenly spread, with `burst` at once. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
  readonly burst: number;
}
