const YES = /^(1|yes|y|true|t|on)$/i;
const NO = /^(0|no|n|false|f|off)$/i;

/** As systemd.syntax(7) has it; undefined for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  if (YES.test(text)) return true;
  return NO.test(text) ? false : undefined;
}
