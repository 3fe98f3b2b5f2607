/** How each part of an xinetd.conf begins. */
const XINETD_BLOCK = /^[ \t]*(?:service[ \t]+\S+|defaults)[ \t]*\n[ \t]*\{[ \t]*$/m;
/** With the brace on the same line, and the name in quotes. */
const RLINETD_BLOCK = /^[ \t]*(?:service[ \t]+"[^"\n]*"|defaults)[ \t]*\{/m;
/** Within its first lines. */
const PROPERTY_LIST = /^(?:<\?xml[^\n]*\n|<!DOCTYPE[^\n]*\n|[ \t]*\n)*<plist\b/;

const MOST_HEAD = 4096;

/** What a text that is none of ours looks like. */
export function foreignAdvice(text: string): string | undefined {
  if (XINETD_BLOCK.test(text)) return 'an xinetd.conf is read with "--format xinetd"';
  if (RLINETD_BLOCK.test(text)) return 'an rlinetd.conf is read with "--format rlinetd"';
  return PROPERTY_LIST.test(text.slice(0, MOST_HEAD))
    ? 'a job of launchd is read with "--format launchd"'
    : undefined;
}
