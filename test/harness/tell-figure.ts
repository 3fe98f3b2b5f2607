import { appendFileSync } from 'node:fs';

/** What a test measured of one of the global bars (SECURITY.md, B1 to B10). */
export interface Figure {
  readonly bar: string;
  /** In words, with its unit. */
  readonly text: string;
  /** Where the test itself does not insist, since it depends on the machine: whether it is as good as the bar asks. */
  readonly holds?: boolean;
  /** Of the fault plan, the same by its parts. */
  readonly fault?: { readonly figure: string; readonly value: number | string; readonly bar: string };
}

/** Tells `npm run bars`, if that is what runs the test. */
export function tellFigure(figure: Figure): void {
  const path = process.env['ZINETD_FIGURES'];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(figure)}\n`);
}
