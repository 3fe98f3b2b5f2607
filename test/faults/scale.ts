/** `npm run test:long` plays the fault plan at full size; a run of all tests has a short form of each. */
export const isLong: boolean = process.env['ZINETD_LONG'] === '1';

/** A count, a time or whatever else has two sizes. */
export function scaled<T>(size: { readonly short: T; readonly long: T }): T {
  return isLong ? size.long : size.short;
}
