import { type Budget, MOST_NODES } from '../../config/budget.ts';
import { quote } from '../../config/quote.ts';
import { type Problem, Report } from '../../config/report.ts';
import type { Place } from '../../config/source.ts';
import { type Assignment, parseAssignment } from './assignment.ts';
import { isOnly, type LineCursor, textOf } from './line-cursor.ts';
import { lineFault } from './line-fault.ts';

/** `off`: a service says that it is disabled, and xinetd looks at none of the lines that follow. */
export type BlockEnd = 'closed' | 'off' | 'lost' | 'fatal';

export interface BlockContext {
  readonly cursor: LineCursor;
  readonly isUtf8: boolean;
  readonly report: Report;
  readonly budget: Budget;
}

/** Takes what a line says; false where the lines that follow do not matter. */
type Take = (assignment: Assignment, context: BlockContext) => boolean;

/** What begins a block or names a file. */
const HEAD = /^[ \t]*(service|defaults|include|includedir)(?:[ \t\r{]|$)/i;

function isHead(line: Place): boolean {
  return HEAD.test(textOf(line));
}

/**
 * Reports a head where xinetd does not look for one. What is lost is lost to xinetd too, but for `defaults`: without
 * them services would be open that are not meant to be, so that nothing can go on.
 */
function reportLost(
  line: Place,
  { cause, report }: { readonly cause: Place; readonly report: Report },
): 'lost' | 'fatal' {
  const keyword = HEAD.exec(textOf(line))?.[1]?.toLowerCase();
  if (keyword === undefined) return 'lost';
  const message = `Cannot read ${quote(textOf(line).trim())}: everything to the next "}" belongs to what begins further up`;
  const related = [{ at: cause, message: 'this is where it begins' }];
  const isFatal = keyword === 'defaults';
  const help = isFatal
    ? 'xinetd would run the services without "defaults"; zinetd runs none of them'
    : undefined;
  report.add({ code: 'xinetd/lost', at: line, message, related, help });
  return isFatal ? 'fatal' : 'lost';
}

/** Goes on to the line behind the next `}`, and reports the services and files that are lost with it. */
export function skipBlock({ cursor, report }: BlockContext, cause: Place): 'lost' | 'fatal' {
  let end: 'lost' | 'fatal' = 'lost';
  for (let line = cursor.nextText(); line && !isOnly(line, '}'); line = cursor.nextText()) {
    if (reportLost(line, { cause, report }) === 'fatal') end = 'fatal';
  }
  return end;
}

/** A block that is lost from one line of it on. */
export function loseBlock(
  context: BlockContext,
  at: { readonly line: Place; readonly cause: Place },
): 'lost' | 'fatal' {
  const first = reportLost(at.line, { ...context, cause: at.cause });
  const rest = skipBlock(context, at.cause);
  return first === 'fatal' ? first : rest;
}

/** Takes what a part of the text costs from the budget; false after a report when there is none left. */
export function pay(
  part: { readonly at: Place; readonly cost: number },
  { budget, report }: BlockContext,
): boolean {
  budget.nodes -= part.cost;
  if (budget.nodes >= 0) return true;
  const message = `Cannot read more than ${MOST_NODES} values, includes counted in`;
  report.add({ code: 'config/too-many-nodes', at: part.at, message });
  return false;
}

function payFor({ name, values }: Assignment, context: BlockContext): boolean {
  return pay({ at: name.place, cost: 1 + values.length }, context);
}

/** What a line says, or what is wrong with it. */
function readAssignment(line: Place, context: BlockContext): Assignment | Problem {
  const fault = lineFault(line, context);
  if (fault) return fault;
  const parsed = parseAssignment(line);
  if (parsed.kind === 'assignment') return parsed.assignment;
  const message = `Cannot read ${quote(textOf(line).trim())}: ${parsed.reason}`;
  return { code: 'xinetd/syntax', at: parsed.at, message };
}

/** What a service has behind its `disable = yes`: for the one who converts it, with nothing said about it. */
function readRest(
  context: BlockContext,
  { take, cause }: { readonly take: Take; readonly cause: Place },
): BlockEnd {
  const { cursor, report } = context;
  const unheard: BlockContext = { ...context, report: new Report() };
  let end: BlockEnd = 'off';
  for (let line = cursor.nextText(); line && !isOnly(line, '}'); line = cursor.nextText()) {
    if (reportLost(line, { cause, report }) === 'fatal') end = 'fatal';
    const said = readAssignment(line, unheard);
    if ('code' in said) continue;
    if (!payFor(said, context)) return 'fatal';
    take(said, unheard);
  }
  return end;
}

/** Reads the lines of a block to its `}`; what is wrong with one of them loses the block, and is in the report. */
export function readBlock(context: BlockContext, take: Take): BlockEnd {
  const { cursor, report } = context;
  const cause = cursor.last;
  for (let line = cursor.nextText(); line; line = cursor.nextText()) {
    if (isOnly(line, '}')) return 'closed';
    const said = readAssignment(line, context);
    if ('code' in said) {
      if (!isHead(line)) report.add(said);
      return loseBlock(context, { line, cause });
    }
    if (!payFor(said, context)) return 'fatal';
    if (!take(said, context)) return readRest(context, { take, cause });
  }
  const message = 'Cannot find the "}" of this block: the file ends before it';
  report.add({ code: 'xinetd/brace', at: cause, message });
  return 'lost';
}
