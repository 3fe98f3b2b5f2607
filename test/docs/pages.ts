import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A block of code of a page. */
export interface Block {
  /** `docs/how-to/x.md:12`, of its first line. */
  readonly at: string;
  /** The first word behind the fence; empty without one. */
  readonly language: string;
  /** The other words: `invalid` is something that `check` has to refuse, `foreign` is for another program. */
  readonly marks: readonly string[];
  readonly text: string;
}

/** Every page that users read. Status and decisions are for those who work on zinetd. */
export function userPages(): readonly string[] {
  const below = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((name) => join('docs', name))
    .filter((path) => path.endsWith('.md'));
  const own = ['docs/STATUS.md', 'docs/decisions/'];
  return ['README.md', ...below.filter((path) => !own.some((each) => path.startsWith(each))).sort()];
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

export function blocksOf(path: string): readonly Block[] {
  const page = readFileSync(path, 'utf8');
  return Array.from(page.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm), ({ 1: info = '', 2: text = '', index }) => {
    const [language = '', ...marks] = info.trim().split(/\s+/);
    return { at: `${path}:${lineOf(page, index) + 1}`, language, marks, text };
  });
}

/** What stands between backticks in the prose. */
export function codeOf(path: string): readonly string[] {
  const prose = readFileSync(path, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return Array.from(prose.matchAll(/`([^`\n]+)`/g), ([, code = '']) => code);
}
