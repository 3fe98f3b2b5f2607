import { expect, test } from 'vitest';
import { describeFailure } from '../../src/handler/describe-failure.ts';

function thrown(message: string): Error {
  return new RangeError(message);
}

test('a failure is one line with the place that it comes from, whatever its text is (S116)', () => {
  const line = describeFailure(thrown('two\nlines\n    at evil (/etc/passwd:1:1)'), '12');
  expect(line).toMatch(
    /^Cannot serve connection 12: RangeError: two\\x0alines\\x0a {4}at evil \(\/etc\/passwd:1:1\) \((file:)?\/\S+describe-failure\.test\.ts:5:\d+\)$/,
  );
});

test('what is no error is told as it is', () => {
  expect(describeFailure('a \u001btext', undefined)).toBe('Cannot serve the connection: a \\x1btext');
  expect(describeFailure(undefined, '3')).toBe('Cannot serve connection 3: undefined');
  const bare = new Error('no stack');
  Object.defineProperty(bare, 'stack', { value: undefined });
  expect(describeFailure(bare, undefined)).toBe('Cannot serve the connection: Error: no stack');
});
