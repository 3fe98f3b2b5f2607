import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type MethodName } from '../../src/control/messages.ts';
import { METHODS, MOST_REQUEST_BYTES, replySchema, requestSchema } from '../../src/control/protocol.ts';

const page = readFileSync('docs/reference/control-protocol.md', 'utf8');
const [introduction = '', methods = ''] = page.split('\n## Methods\n');

interface Section {
  readonly name: string;
  readonly access: string;
  readonly params: unknown;
  readonly result: unknown;
  readonly item: unknown;
}

function linesOf(text: string): readonly unknown[] {
  const blocks = Array.from(text.matchAll(/^```json\n([\s\S]*?)\n```$/gm), ([, block = '']) => block);
  return blocks.flatMap((block) => block.split('\n')).map((line) => JSON.parse(line));
}

const sections: readonly Section[] = methods
  .split('\n### ')
  .slice(1)
  .map((text) => {
    const [, name = '', access = ''] = /^`(\w+)`\n\n(\w+)\. /.exec(text) ?? [];
    const [params, result, item] = linesOf(text);
    return { name, access, params, result, item };
  });

describe('docs/reference/control-protocol.md', () => {
  test('has a section for each method with its access, in the order of the table', () => {
    const documented = sections.map(({ name, access }) => [name, access]);
    expect(documented).toEqual(Object.entries(METHODS).map(([name, { access }]) => [name, access]));
  });

  test.each(sections.map((section): [string, Section] => [section.name, section]))(
    'shows what %s takes and gives',
    (name, { params, result, item }) => {
      const row = METHODS[name as MethodName];
      expect(row.params.safeParse(params).error).toBeUndefined();
      expect(row.result.safeParse(result).error).toBeUndefined();
      expect(item !== undefined).toBe(row.item !== undefined);
      expect(row.item?.safeParse(item).error).toBeUndefined();
    },
  );

  test('shows requests and replies that are ones', () => {
    const [request, ...replies] = linesOf(introduction);
    expect(requestSchema.safeParse(request).error).toBeUndefined();
    expect(replies.map((reply) => replySchema.safeParse(reply).error)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(page).toContain(`${MOST_REQUEST_BYTES.toLocaleString('en')} bytes`);
  });

  test('has a row for each code of an error', () => {
    const rows = Array.from(introduction.matchAll(/^\| `([\w-]+)` \|/gm), ([, code]) => code);
    expect(rows).toEqual([...ERROR_CODES]);
  });
});
