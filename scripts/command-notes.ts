import { readFileSync } from 'node:fs';

const NOTES = new URL('./notes/commands.md', import.meta.url);

/**
 * What there is to say of a command beyond its options, by its name, as Markdown. Notes on what is not a command of this
 * version are not read.
 */
export function commandNotes(): ReadonlyMap<string, string> {
  const sections = readFileSync(NOTES, 'utf8').split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [name = '', ...rest] = section.split('\n');
      return [name.trim(), rest.join('\n').trim()];
    }),
  );
}
