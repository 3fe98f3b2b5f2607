/**
 * Why somebody at a control socket was let go, or not let in: `protocol`: sent something else than requests; `half`:
 * took too long for one; `slow`: took no answers; `busy`: there were too many others.
 */
export type ControlFault = 'protocol' | 'half' | 'slow' | 'busy' | 'not-permitted';
