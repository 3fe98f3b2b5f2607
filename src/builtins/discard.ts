import type { Talk } from './talk.ts';

/** RFC 863: listens until the client says no more. */
export function talkDiscard(): Talk {
  let isFinished = false;
  return {
    next: () => (isFinished ? 'end' : 'listen'),
    take: () => {},
    finish: () => {
      isFinished = true;
    },
  };
}
