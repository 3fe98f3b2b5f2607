/** Up to 8 % of the machine goes to the kernel's own threads and to us, with nothing else running. */
export const QUIET_SHARE = 0.12;

/**
 * Whether something else used so much of the machine that the figures say little.
 *
 * @param {{foreignShare: number}} sample
 */
export const isDisturbed = ({ foreignShare }) => foreignShare > QUIET_SHARE;
