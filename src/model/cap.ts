/**
 * How many at once. From `soft` on some are refused at random, `dropPercent` of them at first and all of them at
 * `hard`; a plain limit has `soft` equal to `hard`.
 */
export interface Cap {
  readonly soft: number;
  readonly hard: number;
  readonly dropPercent: number;
}
