import type { Place } from '../../config/source.ts';
import type { Word } from './entry.ts';

/** The words between blanks; nothing quotes a blank. */
export function splitWords({ source, start, end }: Place): readonly Word[] {
  return Array.from(source.text.slice(start, end).matchAll(/[^ \t]+/g), ({ 0: text, index }) => {
    const from = start + index;
    return { text, place: { source, start: from, end: from + text.length } };
  });
}
