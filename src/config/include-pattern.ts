import { posix } from 'node:path';
import { matchesGlob } from '../model/glob.ts';

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
