import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch } from '../harness/scratch.ts';
import { fakeHost } from './fake-host.ts';
import { loadText, oneService } from './load-text.ts';

const host = fakeHost({ ownerUid: process.getuid?.() ?? 0, findUserById: () => undefined });

function load(lines: readonly string[]) {
  const path = join(scratch('lists'), 'list');
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o644 });
  const result = loadText(oneService({ only_from: [`file:${path}`] }), host);
  return { ...result, messages: result.diagnostics.map(({ message }) => message.replaceAll(path, 'P')) };
}

describe('a file of addresses', () => {
  test('that is wrong all over is told of by its first lines, and by how many more there are', () => {
    const { messages, config } = load(Array.from({ length: 500 }, (_, number) => `10.0.0.${number + 256}`));
    expect(config).toBeUndefined();
    expect(messages.length).toBeLessThan(100);
    expect(messages.at(-1)).toBe(`Cannot use ${500 - (messages.length - 1)} more lines of "P"`);
  });

  test.each(['1:2:3:4:5:6:7:8::', '::1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::g', ':1::'])(
    'has no line that is %s (S51)',
    (line) => {
      expect(load(['::1', line]).messages).toEqual([
        expect.stringMatching(new RegExp(`^Cannot use "${line}" in line 2 of "P": `)),
      ]);
    },
  );

  test('may have comments and blanks anywhere', () => {
    const { config } = load(['', ' \t', '; all', '  10.0.0.1 # one', '2001:db8::/32;two']);
    expect(config?.services[0]?.access?.onlyFrom?.prefixes[1]?.list).toMatchObject({
      v4: { count: 1 },
      v6: { count: 1 },
    });
  });
});
