/** Where what a handler writes to its standard error goes: to its client, to the log of its service, or nowhere. */
export const STANDARD_ERRORS = ['socket', 'log', 'none'] as const;

export type StandardError = (typeof STANDARD_ERRORS)[number];
