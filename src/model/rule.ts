/** A line of a configuration or of a list that decided something. `text` may be made on demand. */
export interface Rule {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}
