import { readFileSync } from 'node:fs';

/** A template with its lines `@NAME@` replaced by those of that name. */
export function fillTemplate(name: string, parts: ReadonlyMap<string, readonly string[]>): string {
  const template = readFileSync(new URL(`./templates/${name}`, import.meta.url), 'utf8');
  return template.replace(/^@([a-z-]+)@$/gm, (mark, key: string) => parts.get(key)?.join('\n') ?? mark);
}
