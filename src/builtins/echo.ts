import type { Talk } from './talk.ts';

/** RFC 862: says what the client says, and ends when the client does. One piece at a time is remembered. */
export function talkEcho(): Talk {
  let heard: Uint8Array | undefined;
  let isFinished = false;
  return {
    next: () => {
      const bytes = heard;
      heard = undefined;
      return bytes ?? (isFinished ? 'end' : 'listen');
    },
    take: (bytes) => {
      heard = Uint8Array.from(bytes);
    },
    finish: () => {
      isFinished = true;
    },
  };
}
