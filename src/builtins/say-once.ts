import type { Talk } from './talk.ts';

/** Says something at once, and ends. What the client says is not looked at. */
export function sayOnce(bytes: Uint8Array): Talk {
  let isSaid = false;
  return {
    next: () => {
      if (isSaid) return 'end';
      isSaid = true;
      return bytes;
    },
    take: () => {},
    finish: () => {},
  };
}
