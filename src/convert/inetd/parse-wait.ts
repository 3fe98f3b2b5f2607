import { quote } from '../../config/quote.ts';
import type { ParseContext } from './parse-context.ts';
import { parseCount } from './parse-count.ts';
import type { Limits } from './service-entry.ts';
import { partOf, type Word } from './word.ts';

export interface Wait {
  readonly wait: boolean;
  readonly limits: Limits;
}

export const NO_LIMITS: Limits = {
  perMinute: undefined,
  perMinuteAndSource: undefined,
  children: undefined,
  childrenPerSource: undefined,
};

const WAIT = /^(wait|nowait|swait|SRC)(?:([./:])(.*))?$/s;
/** In the order of FreeBSD's field. */
const SLASHED = ['children', 'perMinuteAndSource', 'childrenPerSource'] as const;
/** FreeBSD's MAX_MAXCHLD. */
const MOST_SLASHED = 32_767;

function refuse(word: Word, { report }: ParseContext, reason: string): undefined {
  const message = `Cannot use ${quote(word.text)}: ${reason}`;
  report.add({ code: 'inetd/wait', at: word.place, message });
}

/** `max-child/max-connections-per-ip-per-minute/max-child-per-ip` of FreeBSD. */
function parseSlashed(word: Word, context: ParseContext): Limits | undefined {
  const limits: { -readonly [K in keyof Limits]: Limits[K] } = { ...NO_LIMITS };
  const texts = word.text.split('/');
  if (texts.length > SLASHED.length) return refuse(word, context, 'three limits are the most');
  let start = 0;
  for (const [index, text] of texts.entries()) {
    const part = partOf(word, start, start + text.length);
    const count = parseCount(part, context);
    if (!count) return undefined;
    if (count.value > MOST_SLASHED) return refuse(part, context, `it is above ${MOST_SLASHED}`);
    limits[SLASHED[index] ?? 'children'] = count;
    start += text.length + 1;
  }
  return limits;
}

function parseLimits(
  word: Word,
  options: { readonly context: ParseContext; readonly separator: string; readonly rest: Word },
): Limits | undefined {
  const { context, separator, rest } = options;
  const { dialect, report } = context;
  if (!dialect.limitSeparators.includes(separator)) {
    if (dialect.name !== 'freebsd') {
      return refuse(word, context, `"${separator}" and a limit mean nothing to ${dialect.name}`);
    }
    const message = `Ignored the limit in ${quote(word.text)}, as freebsd does: it takes "/" only`;
    report.add({ code: 'inetd/ignored', at: word.place, message });
    return NO_LIMITS;
  }
  if (separator === '/') return parseSlashed(rest, context);
  const perMinute = parseCount(rest, context);
  return perMinute && { ...NO_LIMITS, perMinute };
}

/** The fourth field; undefined after a report. */
export function parseWait(word: Word, context: ParseContext): Wait | undefined {
  const [, base, separator, limits] = WAIT.exec(word.text) ?? [];
  if (base === undefined) return refuse(word, context, 'must be "wait" or "nowait"');
  if (base === 'SRC') {
    const message = 'Cannot start a server through the System Resource Controller of AIX';
    const help = 'write "wait" or "nowait", whichever the server expects';
    return void context.report.add({ code: 'inetd/not-supported', at: word.place, message, help });
  }
  if (base === 'swait') {
    const message = 'Read "swait" as "wait": zinetd watches every server that it started';
    context.report.add({ code: 'inetd/ignored', at: word.place, message });
  }
  const wait = base !== 'nowait';
  if (separator === undefined || limits === undefined) return { wait, limits: NO_LIMITS };
  const rest = partOf(word, base.length + 1);
  const parsed = parseLimits(word, { context, separator, rest });
  return parsed && { wait, limits: parsed };
}
