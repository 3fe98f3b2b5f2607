/**
 * Rows of Markdown.
 *
 * @param {readonly (readonly string[])[]} rows with the head first
 */
export function table(rows) {
  const [head = []] = rows;
  const lines = [head, head.map(() => '---'), ...rows.slice(1)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
}

/** @param {number} value */
export const whole = (value) => Math.round(value).toLocaleString('en');

/**
 * Digits as far as they mean something.
 *
 * @param {number} value
 */
export const rounded = (value) => (Math.abs(value) < 10 ? value.toFixed(2) : whole(value));
