/** How each part of an xinetd.conf begins. */
const XINETD_BLOCK = /^[ \t]*(?:service[ \t]+\S+|defaults)[ \t]*\n[ \t]*\{[ \t]*$/m;

/** What a text that is none of ours looks like. */
export function foreignAdvice(text: string): string | undefined {
  return XINETD_BLOCK.test(text) ? 'an xinetd.conf is read with "--format xinetd"' : undefined;
}
