import { describe, expect, test } from 'vitest';
import { checkExample } from './check-example.ts';
import { blocksOf, userPages } from './pages.ts';

const examples = userPages()
  .flatMap(blocksOf)
  .filter(({ language, marks }) => language === 'yaml' && !marks.includes('foreign'))
  .map((block): [string, typeof block] => [block.at, block]);

describe('an example of a configuration in the documents', () => {
  test.each(examples)('%s is what "check" has no errors for, or is marked as "invalid"', (_, block) => {
    const said = checkExample(block.text);
    if (block.marks.includes('invalid')) expect(said).toContain('error[');
    else expect(said).toBe('');
  });

  test('with a mistake is noticed', () => {
    expect(examples.length).toBeGreaterThan(70);
    expect(checkExample('instance: 20\n')).toContain('error[config/unknown-key]');
  });
});
