import type { DaemonEvent } from '../events/event.ts';

/** LACKS_* of src/native/spawner/format.h, with what each means for the person who runs zinetd. */
const LACKS: readonly { readonly bit: number; readonly feature: string; readonly consequence: string }[] = [
  { bit: 1, feature: 'Landlock', consequence: 'the dispatcher can open every file that its uid can' },
  {
    bit: 2,
    feature: 'Landlock for TCP',
    consequence: 'only seccomp keeps the dispatcher from making connections',
  },
  {
    bit: 4,
    feature: 'Landlock for signals',
    consequence: 'the dispatcher can signal other processes of its uid',
  },
  { bit: 8, feature: 'seccomp', consequence: 'the dispatcher can make any system call' },
];

/** One event for each part of the dispatcher's sandbox that this kernel or container does not have. */
export function lackEvents(bits: number): readonly DaemonEvent[] {
  return LACKS.filter(({ bit }) => (bits & bit) !== 0).map(({ feature, consequence }) => ({
    type: 'sandbox-lacks',
    feature,
    consequence,
  }));
}
