import { posix } from 'node:path';

/** What one item of `include` asks for. */
export type IncludePattern =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'glob'; readonly directory: string; readonly matches: (name: string) => boolean }
  | { readonly kind: 'invalid'; readonly reason: string };

const WILDCARD = /[*?]/;
/** Braces and brackets mean something to other programs; here they are reserved. */
const RESERVED = /[[\]{}]/;
/** What editors and package managers leave beside a file. */
const LEFT_OVER = /^\.|~$|\.rpmnew$|\.rpmsave$|\.rpmorig$|\.dpkg-[^.]*$|\.swp$|^#.*#$/;

/**
 * Whether `name` is of the shape `pattern`, in time that is at most the product of their lengths: back to the
 * last star only.
 */
function matchesGlob(name: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = inPattern++;
      starAt = at;
    } else if (wanted === '?' || wanted === name[at]) {
      inPattern++;
      at++;
    } else if (star !== -1) {
      inPattern = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}

/** Reads one item of `include`, relative to the file that it stands in. */
export function parseInclude(text: string, includingFile: string): IncludePattern {
  const path = posix.isAbsolute(text) ? text : posix.join(posix.dirname(includingFile), text);
  const directory = posix.dirname(path);
  const name = posix.basename(path);
  if (RESERVED.test(text)) return { kind: 'invalid', reason: 'only "*" and "?" are wildcards' };
  if (text.endsWith('/')) return { kind: 'invalid', reason: 'it names a directory: add "*.yaml"' };
  if (WILDCARD.test(directory)) {
    return { kind: 'invalid', reason: 'a wildcard stands in the last component only' };
  }
  if (!WILDCARD.test(name)) return { kind: 'file', path };
  const matches = (entry: string): boolean => !LEFT_OVER.test(entry) && matchesGlob(entry, name);
  return { kind: 'glob', directory, matches };
}
