import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import { findingsOf } from '../../src/config/findings-of.ts';
import { diagnosticsJson, renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { loadText } from './load-text.ts';

function warning(number: number, changes: Partial<Diagnostic> = {}): Diagnostic {
  const span = { file: '/etc/z.yaml', range: undefined };
  return {
    ...{ code: 'config/no-effect', severity: 'warning', message: `No ${number}`, span, related: [] },
    ...{ help: undefined, ...changes },
  };
}

describe('what a reload tells to the log', () => {
  test('is place, code and message of each, without what a terminal would take for more', () => {
    const [first] = findingsOf([warning(1, { message: 'a\x1bb', help: 'c\x07d' })]).list;
    expect(first).toEqual({
      ...{ code: 'config/no-effect', severity: 'warning', place: '/etc/z.yaml' },
      ...{ message: 'a\\x1bb', help: 'c\\x07d' },
    });
  });

  test('is 200 warnings at the most, and that there are more; errors are all there', () => {
    const many = Array.from({ length: 203 }, (_, number) => warning(number));
    const error = warning(999, { code: 'config/syntax', severity: 'error' });
    const { list, text } = findingsOf([...many, error]);
    expect(list).toHaveLength(202);
    expect(list.at(-1)?.message).toBe('Cannot show 3 more warnings: "zinetd check" has them');
    expect(list.filter(({ severity }) => severity === 'error')).toHaveLength(1);
    expect(text).toContain('"zinetd check" has them');
    expect(findingsOf(many.slice(0, 200)).list).toHaveLength(200);
  });
});

describe('diagnostics for programs', () => {
  test('have the place as numbers, and those that explain it', () => {
    const [twice] = diagnosticsJson(loadText('version: 1\nversion: 1\n').diagnostics);
    expect(twice).toMatchObject({
      ...{ file: 'test.yaml', line: 2, column: 1, end_column: 8 },
      related: [{ message: 'first used here', file: 'test.yaml', line: 1 }],
    });
    expect(twice).not.toHaveProperty('help');
    const [unknown] = diagnosticsJson(loadText('version: 1\nservice: {}\n').diagnostics);
    expect(unknown).toMatchObject({ help: 'did you mean "services"?', related: [] });
  });

  test('of a file as a whole have the file alone, as text as well', () => {
    const related = [{ message: 'it is this', span: { file: '/etc/other', range: undefined } }];
    const whole = warning(1, { related });
    expect(diagnosticsJson([whole])).toEqual([
      {
        ...{ code: 'config/no-effect', severity: 'warning', message: 'No 1', file: '/etc/z.yaml' },
        related: [{ message: 'it is this', file: '/etc/other' }],
      },
    ]);
    expect(renderDiagnostics([whole])).toBe(
      '/etc/z.yaml: warning[config/no-effect]: No 1\n/etc/other: note: it is this\n',
    );
  });
});
