/** One problem of a configuration in a line, for those who cannot import what diagnostics are. */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Such as `/etc/zinetd/zinetd.yaml:14:3`. */
  readonly place: string;
  readonly message: string;
  readonly help: string | undefined;
}

/** What the compiler found: each problem, and all of them as `check` prints them. */
export interface Findings {
  readonly list: readonly Finding[];
  readonly text: string;
}

export const NO_FINDINGS: Findings = { list: [], text: '' };
