import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A source file, and what it says apart from comments. */
export interface Source {
  /** From the root of the checkout, such as `src/model/address.ts`. */
  readonly path: string;
  /** The folder below src, such as `model`; `main.ts` is one of its own. */
  readonly folder: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written. */
  readonly from: string;
  /** The file meant, for one of ours. */
  readonly path: string | undefined;
}

/** Comments name what code must not do. Good enough for our own code, in which no string looks like a comment. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const IMPORT = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*|\brequire\.resolve\(\s*)'([^']+)'/g;

function importsOf(path: string, code: string): readonly Import[] {
  return Array.from(code.matchAll(IMPORT), ([, from = '']) => ({
    from,
    path: from.startsWith('.') ? normalize(join(dirname(path), from)) : undefined,
  }));
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const code = withoutComments(text);
  return { path, folder: path.split('/')[1] ?? '', text, code, imports: importsOf(path, code) };
}

/** Files below `directory` whose names end in one of the suffixes. */
export function filesBelow(directory: string, suffixes: readonly string[]): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => suffixes.some((suffix) => path.endsWith(suffix)))
    .sort();
}

export function typescriptSources(): readonly Source[] {
  return filesBelow('src', ['.ts']).map(readSource);
}
