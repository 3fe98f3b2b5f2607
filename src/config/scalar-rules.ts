const DECIMAL = /^(0|-?[1-9][0-9]*)$/;
const FRACTION = /^-?(0|[1-9][0-9]*)\.[0-9]+$/;
/** Text to YAML 1.2, but numbers to YAML 1.1 and to the reader. */
const NUMBER_ELSEWHERE = /^[-+]?(0b[01_]+|0x[0-9a-f_]+|0o?[0-7_]+|[0-9][0-9_]*(\.[0-9_]*)?)$/i;
const UNENCODABLE = /\p{Surrogate}/u;

/** Why a plain scalar is read as different things by different readers, or undefined (S105). */
export function ambiguityOf(source: string, value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (FRACTION.test(source)) return undefined;
    if (!DECIMAL.test(source)) return 'only plain decimal numbers are taken without quotes';
    return Number.isSafeInteger(value) ? undefined : 'the number is too large to be kept exactly';
  }
  if (typeof value === 'string' && NUMBER_ELSEWHERE.test(source))
    return 'some readers take this for a number';
  return undefined;
}

/** Why a text cannot be given to a program or the kernel, or undefined. */
export function textFault(text: string): string | undefined {
  if (text.includes('\0')) return 'it contains a NUL byte';
  return UNENCODABLE.test(text) ? 'it contains half of a surrogate pair' : undefined;
}
