import { expect, test } from 'vitest';
import { renderDiagnostics } from '../../src/config/render-diagnostics.ts';
import { loadText } from './load-text.ts';

function render(text: string): string {
  return renderDiagnostics(loadText(text).diagnostics);
}

test('a diagnostic shows place, code, frame and advice', () => {
  expect(
    render('version: 1\nservice: {}\n'),
  ).toBe(`test.yaml:2:1: error[config/unknown-key]: Cannot use "service" at the top of the file: no such setting
    2 | service: {}
      | ^^^^^^^
   help: did you mean "services"?
`);
});

test('a second place is shown as a note', () => {
  expect(render('version: 1\nversion: 1\n')).toContain(`
test.yaml:1:1: note: first used here
    1 | version: 1
      | ^^^^^^^
`);
});

test('nothing of a file reaches the terminal as a control sequence', () => {
  const control = String.fromCharCode(0x1b);
  const text = `version: 1\n"${control}]0;x${String.fromCharCode(7)}\u202e": 1\n`;
  const rendered = render(text);
  expect(rendered).toContain('\\x1b]0;x\\x07\\u{202e}');
  expect(/[^\n -~]/.test(rendered)).toBe(false);
});

test('of a long line only the part around the place is shown, with the carets below it', () => {
  const lines = render(`version: 1\nx: [${'1, '.repeat(300)}"\\0", 3]\n`).split('\n');
  const frame = lines.findIndex((line) => line.includes('"\\0"'));
  expect(lines[frame]?.length).toBeLessThan(120);
  const column = lines[frame]?.indexOf('"\\0"') ?? -1;
  expect(lines[frame + 1]).toBe(`${' '.repeat(5)} | ${' '.repeat(column - 8)}^^^^`);
});
