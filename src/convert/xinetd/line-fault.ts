import { Buffer } from 'node:buffer';
import { quote } from '../../config/quote.ts';
import type { Problem } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';

/** xinetd reads a file by four pages; what stands behind it in a line would be a line of its own. */
export const MOST_LINE_BYTES = 16_384;

const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;
const FOREIGN = /[^\x00-\x7f]/;

/** Why the text of a line cannot be meant as it is; undefined if it can. */
export function lineFault(line: Place, { isUtf8 }: { readonly isUtf8: boolean }): Problem | undefined {
  const text = line.source.text.slice(line.start, line.end);
  if (Buffer.byteLength(text) > MOST_LINE_BYTES) {
    const message = `Cannot read a line of more than ${MOST_LINE_BYTES} bytes: xinetd would break it in two`;
    return { code: 'xinetd/long-line', at: { ...line, end: line.start }, message };
  }
  if (text.endsWith('\r')) {
    const message = 'Cannot use the carriage return: xinetd takes it for part of the last word';
    const at = { ...line, start: line.end - 1 };
    return { code: 'xinetd/crlf', at, message, help: 'convert the file with dos2unix(1)' };
  }
  const control = CONTROL.exec(text);
  if (control) {
    const message = `Cannot use ${quote(control[0])}: it is a control character`;
    const start = line.start + control.index;
    return { code: 'xinetd/control-character', at: { ...line, start, end: start + 1 }, message };
  }
  if (isUtf8 || !FOREIGN.test(text)) return undefined;
  const message = `Cannot use ${quote(text.trim())}: the file is not UTF-8 text`;
  return { code: 'xinetd/not-utf8', at: line, message, help: 'convert the file with iconv(1)' };
}
