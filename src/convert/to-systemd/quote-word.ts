const PLAIN = /^[A-Za-z0-9_@.,:/=+-]+$/;

/** Percent signs begin specifiers wherever they stand. */
export function withoutSpecifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

/** A word of `Environment=` and the like. */
export function quoteWord(text: string): string {
  if (PLAIN.test(text)) return text;
  const escaped = text.replace(/["\\\0-\x1f\x7f]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${withoutSpecifiers(escaped)}"`;
}

/** An argument of `ExecStart=`, where dollar signs begin variables as well. */
export function quoteArgument(text: string): string {
  return quoteWord(text).replaceAll('$', '$$$$');
}
