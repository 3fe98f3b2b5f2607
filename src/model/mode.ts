/** The contract with the handler: DESIGN §5. */
export const MODES = ['inetd', 'extended'] as const;

export type Mode = (typeof MODES)[number];
