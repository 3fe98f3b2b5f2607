import { isEntryShaped } from './entry-shape.ts';

/** What people and update-inetd(8) put before an entry to take it out of service. */
export const OUT_OF_SERVICE: RegExp = /^\s*#[#\s]*(<off>#[#\s]*)?/;
/** An entry has its first fields here; the rest of a long comment does not matter. */
const MOST_CHARACTERS = 1024;

/** The fields of an entry that was commented out; undefined for prose. */
export function commentEntry(comment: string): readonly string[] | undefined {
  const text = comment.slice(0, MOST_CHARACTERS).replace(OUT_OF_SERVICE, '');
  const fields = text.trim().split(/[ \t]+/);
  return isEntryShaped(fields) ? fields : undefined;
}
