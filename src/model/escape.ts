const PLAIN_TEXT = /^[ -[\]-~]*$/;
const PLAIN_TOKEN = /^[!-[\]-~]*$/;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

function escapeByte(byte: number, spaces: boolean): string {
  if (byte === BACKSLASH) return '\\\\';
  const isPrintable = byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE;
  if (isPrintable && (spaces || byte !== FIRST_PRINTABLE)) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function escapeBytes(text: string, spaces: boolean): string {
  return Array.from(Buffer.from(text, 'utf8'), (byte) => escapeByte(byte, spaces)).join('');
}

/** `text` as 0x20 to 0x7E only: other bytes of its UTF-8 as `\xNN`, a backslash doubled (S116). */
export function escapeText(text: string): string {
  return PLAIN_TEXT.test(text) ? text : escapeBytes(text, true);
}

/** Like escapeText, and without a space, so that a name cannot pass for the field after it. */
export function escapeToken(text: string): string {
  return PLAIN_TOKEN.test(text) ? text : escapeBytes(text, false);
}

/** Like escapeText, in quotes; a quote inside is `\x22`, so that the next one is the end. */
export function quoteText(text: string): string {
  return `"${escapeText(text).replaceAll('"', '\\x22')}"`;
}
